import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/** Of every build of the page, that of its worker included. */
const found = new Map<string, string>();

/** Writes `licences.txt`, with the licence of every package of others that is in the page, as those licences ask for. */
export function licences({ isWorker = false } = {}): Plugin {
  return {
    name: 'interseg:licences',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const part of Object.values(bundle)) {
        if (part.type !== 'chunk') continue;
        for (const id of part.moduleIds) addLicence(id);
      }
      // The page itself is built last, when its worker's are known, too.
      if (isWorker) return;
      const texts = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) });
    },
  };
}

function addLicence(id: string): void {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '');
  const folder = path.includes('/node_modules/') ? packageFolder(path) : undefined;
  if (folder === undefined) return;
  const { name = '', version = '', license = 'unknown' } = manifestIn(folder);
  const file = readdirSync(folder).find((one) => /^licen[cs]e(\.|$)/i.test(one));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  found.set(`${name}@${version}`, `${name} ${version} (${license})\n\n${text}\n`);
}

/** The nearest folder above with a named package. */
function packageFolder(path: string): string | undefined {
  for (let folder = dirname(path); folder.includes('/node_modules/'); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && manifestIn(folder).version) return folder;
  }
  return undefined;
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
