// Compiles assembly/*.ts (AssemblyScript) into src/wasm/simd/binary.ts. Only needed after a change there.
// Usage: npm exec --package=assemblyscript@0.28.20 -- node scripts/build-simd.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'simd-'));
const wasm = join(work, 'simd.wasm');
const options = ['--enable', 'simd,threads,bulk-memory', '--importMemory', '--sharedMemory', '--initialMemory', '1'];
options.push(
  '--maximumMemory',
  '65536',
  '--runtime',
  'stub',
  '--use',
  'abort=',
  '-O3',
  '--noAssert',
  '--outFile',
  wasm,
);
try {
  execFileSync('asc', ['assembly/index.ts', ...options], { cwd: root, stdio: 'inherit' });
  const digest = createHash('sha256');
  for (const file of readdirSync(join(root, 'assembly')).sort()) {
    digest.update(readFileSync(join(root, 'assembly', file)));
  }
  const text = readFileSync(wasm).toString('base64');
  writeFileSync(
    join(root, 'src/wasm/simd/binary.ts'),
    `// Made by scripts/build-simd.mjs from assembly/*.ts; do not edit.\n\n` +
      `/** SHA-256 over the sources that {@link binary} was compiled from. */\nexport const sources = '${digest.digest('hex')}';\n\n` +
      `/** The compiled kernels, in base64. */\nexport const binary =\n  '${text}';\n`,
  );
  console.log(`${Math.round((text.length * 3) / 4)} bytes`);
} finally {
  rmSync(work, { recursive: true });
}
