import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program and returns its standard output.
 *
 * @throws Error that ends with the last lines that the program printed
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { cwd, env, signal } = options;
    const child = spawn(program, args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      if (code === 0) return resolve(output);
      const end = (said || output).trim().split('\n').slice(-4).join(' | ');
      reject(new Error(`${program} failed (${code ?? killedBy}): ${end}`));
    });
  });
}

/** Finds the first program that runs with these arguments, and what it printed. */
export async function firstThatRuns(
  programs: readonly string[],
  args: readonly string[],
): Promise<{ program: string; output: string } | undefined> {
  for (const program of programs) {
    try {
      return { program, output: await run(program, args) };
    } catch {
      // try the next one
    }
  }
  return undefined;
}
