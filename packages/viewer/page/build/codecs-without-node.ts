import type { Plugin } from 'vite';

const nothing = '\0nothing-of-node';

/** Gives the codecs of DICOM nothing in the place of `fs` and `path`, which they ask for in Node alone. */
export function codecsWithoutNode(): Plugin {
  return {
    name: 'codecs-without-node',
    enforce: 'pre',
    resolveId(source, importer = '') {
      return /^(fs|path)$/.test(source) && importer.includes('@cornerstonejs/codec-') ? nothing : undefined;
    },
    load: (id) => (id === nothing ? 'export default {};' : undefined),
  };
}
