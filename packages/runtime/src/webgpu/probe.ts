import { execFile } from 'node:child_process';
import { findRequire } from '../packages.ts';

/** Dawn's description of the GPU that it would use. */
export interface Adapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Whether software emulates the GPU, which is slow. */
  readonly isSoftware: boolean;
}

/** The package with Dawn. */
export const dawnPackage = 'webgpu';

/** A time limit that is longer than any driver takes to start. */
const patience = 20_000;

let found: Promise<Adapter | undefined> | undefined;

/**
 * Finds which GPU Dawn would use, if any, once per process. Dawn runs in a process of its own, as a broken driver may
 * end its process or write to the terminal.
 */
export function probeAdapter(): Promise<Adapter | undefined> {
  return (found ??= probe());
}

async function probe(): Promise<Adapter | undefined> {
  const entry = findRequire(dawnPackage)!.resolve(dawnPackage);
  // As a URL, since `import` takes no paths of Windows.
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
