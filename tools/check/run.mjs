import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Something that a check found wrong, in one sentence (and what a tool printed). */
export class Finding extends Error {}

/**
 * Runs a program to its end and returns what it printed.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string> }} options
 * @returns {Promise<string>} stdout
 * @throws Finding with the output when it fails
 */
export async function run(program, args, { cwd, env = {} }) {
  // Nx and npm pass settings on to what they start, which an outside project would not have.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NX_|FORCE_COLOR|INIT_CWD|NODE_OPTIONS)/.test(name) || name === 'npm_config_registry',
  );
  try {
    const options = { cwd, env: { ...Object.fromEntries(inherited), ...env }, maxBuffer: 2 ** 26 };
    return (await execute(program, args, options)).stdout;
  } catch (error) {
    const output = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim() || error.message;
    throw new Finding(`${[program, ...args].join(' ')} failed:\n${output}`, { cause: error });
  }
}

/** Maps with at most `limit` calls at a time. */
export async function mapLimited(items, limit, work) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
