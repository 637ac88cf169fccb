import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { readmeExample } from '../../build/example.mjs';
import { root } from '../../setup.mjs';
import { Finding } from '../run.mjs';

/** How projects of others find types: Node's way and a bundler's. */
const settings = {
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

/** What all packages share, the standard library and the types of Node, is parsed once for each setting. */
const shared = { nodenext: new Map(), bundler: new Map() };
const isShared = (file) => /\/lib\.[^/]*\.d\.ts$/.test(file) || file.startsWith(join(root, 'node_modules'));

/** Type-checks the README's example, and the package's own declarations, with the settings of outside projects. */
export function checkTypes(folder, { name, readme, manifest }) {
  const example = join(folder, 'example.mts');
  const onlyNames = `import * as all from '${manifest.name}';\nexport const names = Object.keys(all);`;
  writeFileSync(example, readmeExample(readme)?.code ?? onlyNames);
  for (const [resolution, choice] of Object.entries(settings)) {
    const options = {
      ...choice,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      strict: true,
      noEmit: true,
      typeRoots: [join(root, 'node_modules', '@types')],
      types: ['node'],
    };
    const program = ts.createProgram([example], options, hostWithCache(options, shared[resolution]));
    const diagnostics = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName === example || fileName.includes('/@interseg/'))
      .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]);
    if (diagnostics.length > 0) {
      const text = ts.formatDiagnostics(diagnostics, {
        getCanonicalFileName: (file) => file,
        getCurrentDirectory: () => folder,
        getNewLine: () => '\n',
      });
      throw new Finding(`${name} with moduleResolution ${resolution}:\n${text}`);
    }
  }
}

function hostWithCache(options, parsed) {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (file, ...rest) => {
    if (!isShared(file)) return read(file, ...rest);
    if (!parsed.has(file)) parsed.set(file, read(file, ...rest));
    return parsed.get(file);
  };
  return host;
}
