import { execFile } from 'node:child_process';
import { requireOf } from '../packages.ts';

/** What Dawn tells about the GPU that it would take. */
export interface Adapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Whether a program draws in the place of a GPU, which is slow. */
  readonly isSoftware: boolean;
}

/** The package with Dawn. */
export const dawnPackage = 'webgpu';

/** Longer than any driver takes to start. */
const patience = 20_000;

let found: Promise<Adapter | undefined> | undefined;

/**
 * Tells which GPU Dawn finds, if any; once per process. It is asked in a process of its own: a driver that is broken ends
 * a process or writes to its terminal, and neither must happen to the one that only asks what is there.
 */
export function probeAdapter(): Promise<Adapter | undefined> {
  return (found ??= probe());
}

async function probe(): Promise<Adapter | undefined> {
  const entry = (requireOf(dawnPackage) as NodeJS.Require).resolve(dawnPackage);
  // A path in quotes could be one of Windows, which `import` does not take.
  const script = `
    const { pathToFileURL } = require('node:url');
    import(pathToFileURL(${JSON.stringify(entry)})).then(async ({ create }) => {
      const adapter = await create([]).requestAdapter({ powerPreference: 'high-performance' });
      const { vendor, architecture, description, isFallbackAdapter: isSoftware } = adapter?.info ?? {};
      process.stdout.write(JSON.stringify(adapter ? { vendor, architecture, description, isSoftware } : null));
    });`;
  const output = await new Promise<string>((resolve) => {
    const options = { timeout: patience, windowsHide: true, env: { ...process.env, NODE_OPTIONS: '' } };
    execFile(process.execPath, ['-e', script], options, (error, stdout) => resolve(error === null ? stdout : ''));
  });
  return output === '' ? undefined : ((JSON.parse(output) as Adapter | null) ?? undefined);
}
