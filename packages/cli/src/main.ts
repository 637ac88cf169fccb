import { CommanderError } from 'commander';
import { errorText } from './errors/error-text.ts';
import { exitStatus, statusOf } from './errors/exit-status.ts';
import { createProgram } from './program.ts';
import type { Context } from './terminal/context.ts';

/**
 * Runs a command line in this process and sets its exit status.
 *
 * @param commandLine the arguments behind `interseg`
 */
export async function main(commandLine: readonly string[]): Promise<void> {
  endQuietlyWithReader();
  keepStdoutForResults();
  const context: Context = { stdout: process.stdout, stderr: process.stderr, commandLine, status: exitStatus.done };
  process.exitCode = await run(context);
}

/** Runs the context's command line. @returns the exit status */
export async function run(context: Context): Promise<number> {
  try {
    await createProgram(context).parseAsync([...context.commandLine], { from: 'user' });
    return context.status;
  } catch (error) {
    // Commander has written its message already, or the help or version that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.badInput;
    context.stderr.write(errorText(error, { debug: context.commandLine.includes('--debug') }));
    return statusOf(error);
  }
}

/** TensorFlow.js writes advice with console.log, which must not get between results. */
function keepStdoutForResults(): void {
  console.log = console.error;
  console.info = console.error;
}

/** `interseg … | head` closes the pipe early, which is no error. */
function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitStatus.done);
    throw error;
  });
}
