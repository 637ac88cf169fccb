import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Python to check against, or the reason why there is none. */
export interface CrossCheck {
  /** Empty when there is one. */
  readonly reason: string;
  /** Whether the tests are to be left out; with INTERSEG_REQUIRE_PYTHON=1 they never are, and fail without a Python. */
  readonly skipped: boolean;
  /** Runs a script with arguments; what it prints is JSON. */
  run<T>(script: string, args: readonly string[]): Promise<T>;
}

/** Looks whether INTERSEG_PYTHON names a Python that can import the modules. */
export async function findPython(modules: readonly string[]): Promise<CrossCheck> {
  const python = process.env['INTERSEG_PYTHON'] ?? '';
  const imported = (): Promise<string> =>
    run(python, ['-c', `import ${modules.join(', ')}`]).then(
      () => '',
      () => `${python} cannot import ${modules.join(', ')}`,
    );
  const reason = python === '' ? 'INTERSEG_PYTHON names no Python' : await imported();
  const skipped = reason !== '' && process.env['INTERSEG_REQUIRE_PYTHON'] !== '1';
  if (skipped) console.warn(`The cross-check with ${modules.join(', ')} is skipped: ${reason}.`);
  return {
    reason,
    skipped,
    async run<T>(script: string, args: readonly string[]): Promise<T> {
      const { stdout } = await run(python, ['-c', script, ...args], { maxBuffer: 1 << 26 });
      return JSON.parse(stdout) as T;
    },
  };
}
