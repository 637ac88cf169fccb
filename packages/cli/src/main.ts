import { CommanderError } from 'commander';
import { errorText } from './errors/error-text.ts';
import { exitStatus, exitStatusFor } from './errors/exit-status.ts';
import { createProgram } from './program.ts';
import type { Context } from './terminal/context.ts';

/**
 * Runs a command line in this process and sets the exit status of the process.
 *
 * @param commandLine the arguments after `interseg`
 */
export async function main(commandLine: readonly string[]): Promise<void> {
  endQuietlyWithReader();
  keepStdoutForResults();
  const context: Context = { stdout: process.stdout, stderr: process.stderr, commandLine, status: exitStatus.done };
  process.exitCode = await run(context);
}

/** Runs the command line of a context. @returns the exit status */
export async function run(context: Context): Promise<number> {
  try {
    const program = await createProgram(context);
    await program.parseAsync([...context.commandLine], { from: 'user' });
    return context.status;
  } catch (error) {
    // Commander has already written its message, or the requested help or version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.badInput;
    context.stderr.write(errorText(error, { debug: context.commandLine.includes('--debug') }));
    return exitStatusFor(error);
  }
}

/** Moves console output to stderr: TensorFlow.js writes advice with console.log, which must not mix with results. */
function keepStdoutForResults(): void {
  console.log = console.error;
  console.info = console.error;
}

/** Ends without an error when the reader closes the pipe early, as in `interseg … | head`. */
function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitStatus.done);
    throw error;
  });
}
