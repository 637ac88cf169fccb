import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root } from '../../setup.mjs';
import { Finding, run } from '../run.mjs';

/** Looks at a tarball with publint (strict) and with attw, as a package that is ESM only. */
export async function lintTarball({ name, folder, manifest, tarball }) {
  const bytes = readFileSync(tarball);
  const { messages } = await publint({
    strict: true,
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  if (messages.length > 0) {
    throw new Finding(`publint on ${name}: ${messages.map((one) => formatMessage(one, manifest)).join('\n')}`);
  }
  const attw = join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
  await run(process.execPath, [attw, tarball, '--profile', 'esm-only', '--no-color', '--format', 'ascii'], {
    cwd: folder,
  });
}
