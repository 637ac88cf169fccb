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
const options = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
options.push('--runtime', 'stub', '--use', 'abort=', '-O3', '--noAssert', '--disableWarning', '112');

/** Compiles for processors with the given features beside those that all need; in base64. */
function compile(...more) {
  const wasm = join(work, 'simd.wasm');
  const features = ['simd', 'threads', 'bulk-memory', ...more].join(',');
  execFileSync('asc', ['assembly/index.ts', '--enable', features, ...options, '--outFile', wasm], {
    cwd: root,
    stdio: 'inherit',
  });
  const text = readFileSync(wasm).toString('base64');
  console.log(`${features}: ${Math.round((text.length * 3) / 4)} bytes`);
  return text;
}

try {
  const digest = createHash('sha256');
  for (const file of readdirSync(join(root, 'assembly')).sort()) {
    digest.update(readFileSync(join(root, 'assembly', file)));
  }
  writeFileSync(
    join(root, 'src/wasm/simd/binary.ts'),
    `// Made by scripts/build-simd.mjs from assembly/*.ts; do not edit.\n\n` +
      `/** SHA-256 over the sources that the kernels were compiled from. */\nexport const sources = '${digest.digest('hex')}';\n\n` +
      `/** The compiled kernels, in base64. */\nexport const binary =\n  '${compile()}';\n\n` +
      `/** The same with relaxed SIMD, in base64. */\nexport const relaxedBinary =\n  '${compile('relaxed-simd')}';\n`,
  );
} finally {
  rmSync(work, { recursive: true });
}
