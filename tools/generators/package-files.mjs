import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

const example = join(root, 'examples', 'attention-unet');
const template = (name) => readFileSync(join(root, 'tools', 'generators', 'templates', name), 'utf8');

/**
 * The files of a new package by their paths in it; settings are those of the worked example.
 *
 * @param {'variant' | 'backbone' | 'loss'} kind
 * @param {string} name
 * @param {boolean} isInside whether it lies in this repository, where InterSeg is taken from its sources
 */
export function packageFiles(kind, name, isInside) {
  const title = name.replace(/(^|-)([a-z])/g, (_, __, letter) => ` ${letter.toUpperCase()}`).trim();
  const identifier = name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
  const fill = (text) =>
    text.replaceAll('__name__', name).replaceAll('__title__', title).replaceAll('__identifier__', identifier);
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'vitest.config.ts'].map((file) => {
    const text = readFileSync(join(example, file), 'utf8').replace("'attention-unet'", `'${name}'`);
    return [file, isInside ? text : withoutSources(text)];
  });
  return {
    ...Object.fromEntries(settings),
    'package.json': manifest(kind, name),
    'README.md': fill(template(`${kind}.README.md.txt`)),
    'src/index.ts': fill(template(`${kind}.ts.txt`)),
    'test/contract.test.ts': fill(template(`${kind}.test.ts.txt`)),
  };
}

/** Settings without the condition by which InterSeg's packages are taken from their sources: published ones have none. */
function withoutSources(text) {
  return text.replace(/^ *"customConditions".*\n|^.*@interseg\/source.*\n|^.*\bconditions\b.*\n/gm, '');
}

function manifest(kind, name) {
  const worked = JSON.parse(readFileSync(join(example, 'package.json'), 'utf8'));
  const { devDependencies: tools } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { private: _private, ...rest } = worked;
  const models = worked.peerDependencies['@interseg/models'];
  const devDependencies = Object.fromEntries(
    ['@tensorflow/tfjs-backend-cpu', '@types/node', 'typescript', 'vitest'].map((one) => [one, tools[one]]),
  );
  const entries = {
    ...rest,
    name: `interseg-${name}`,
    description: `The ${kind} ${name} for InterSeg.`,
    keywords: ['interseg', 'segmentation'],
    peerDependencies: {
      '@interseg/models': models,
      '@tensorflow/tfjs-core': worked.peerDependencies['@tensorflow/tfjs-core'],
      '@tensorflow/tfjs-layers': worked.peerDependencies['@tensorflow/tfjs-layers'],
    },
    devDependencies,
    nx: worked.nx,
  };
  return `${JSON.stringify(entries, null, 2)}\n`;
}
