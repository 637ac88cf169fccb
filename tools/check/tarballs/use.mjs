import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { readmeExample } from '../../build/example.mjs';
import { Finding, run } from '../run.mjs';

const transpile = (code, module) =>
  ts.transpileModule(code, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } }).outputText;

/** Runs the README's example as an ES module and as CommonJS, and compares what it prints with its comments. */
export async function runExample(folder, { name, manifest, readme }, node = process.execPath) {
  writeFileSync(
    join(folder, 'names.mjs'),
    `import * as all from '${manifest.name}';\nconsole.log(Object.keys(all).sort().join());`,
  );
  writeFileSync(join(folder, 'names.cjs'), `console.log(Object.keys(require('${manifest.name}')).sort().join());`);
  const [names, required] = await Promise.all(
    ['names.mjs', 'names.cjs'].map((file) => run(node, [file], { cwd: folder })),
  );
  const withoutMarks = required.replace(/(^|,)(__esModule|module\.exports)(?=,|\s)/g, '').replace(/^,/, '');
  if (names.trim() === '' || names !== withoutMarks) {
    throw new Finding(`${name}: require gives ${required.trim()}, import gives ${names.trim()}.`);
  }
  const example = readmeExample(readme);
  if (!example) return;
  writeFileSync(join(folder, 'example.mjs'), transpile(example.code, ts.ModuleKind.ES2022));
  const commonJs = transpile(example.code, ts.ModuleKind.CommonJS);
  writeFileSync(join(folder, 'example.cjs'), `(async () => {\n${commonJs}\n})();`);
  for (const file of ['example.mjs', 'example.cjs']) {
    checkPrinted(`${name}, ${file}`, await run(node, [file], { cwd: workFolder(folder, file) }), example.promised);
  }
}

/** @throws Finding when an example printed something else than its comments promise */
export function checkPrinted(what, printed, promised) {
  // TensorFlow.js adds advice of its own to what is printed.
  const lines = printed.split('\n');
  const missing = promised.filter((line) => !lines.includes(line));
  if (printed.trim() === '' || missing.length > 0) {
    throw new Finding(`The example of ${what} printed ${JSON.stringify(printed)}, expected ${promised.join(' | ')}.`);
  }
}

/** Examples write files where they run; each time gets a folder below the project, from which packages are found too. */
function workFolder(folder, file) {
  const work = mkdtempSync(join(folder, 'run-'));
  writeFileSync(join(work, file), `${file.endsWith('.cjs') ? 'require' : 'import'}('../${file}');`);
  return work;
}

/** Runs the first shell example of a README that calls `interseg`. @returns the folder where it ran */
export async function runShellExample(folder, { name, readme }, node = process.execPath) {
  const script = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
    .map(([, text]) => text)
    .find((text) => /^interseg /m.test(text));
  if (script === undefined) throw new Finding(`The README of ${name} has no example with interseg.`);
  const work = mkdtempSync(join(folder, 'run-'));
  const command = join(folder, 'node_modules', '@interseg', 'cli', 'bin', 'interseg.js');
  const text = script.replace(/^interseg /gm, `'${node}' '${command}' `);
  await run('sh', ['-euc', text], { cwd: work });
  return work;
}
