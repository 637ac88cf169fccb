import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const source = fileURLToPath(new URL('service-worker.js', import.meta.url));

/** Adds the service worker, which knows by name every file of the page, and so serves it without a network. */
export function offline(): Plugin {
  return {
    name: 'interseg:offline',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const files = Object.keys(bundle).sort();
        const hash = createHash('sha256');
        for (const file of files) {
          const part = bundle[file]!;
          hash.update(file).update(part.type === 'chunk' ? part.code : part.source);
        }
        const version = hash.digest('hex').slice(0, 16);
        const head = `const page = ${JSON.stringify({ version, files })};\n`;
        this.emitFile({
          type: 'asset',
          fileName: 'service-worker.js',
          source: head + readFileSync(source, 'utf8').replace(/^\/\* global .*\*\/\n/m, ''),
        });
      },
    },
  };
}
