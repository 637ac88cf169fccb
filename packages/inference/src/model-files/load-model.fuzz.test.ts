import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DataError } from '@interseg/errors';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallNetwork } from '../../test/small-network.ts';
import { loadModel } from './load-model.ts';
import { saveModel } from './save-model.ts';
import { withinBudget } from './weight-budget.ts';

/*
 * Damaged models by fixed seeds. Whatever the bytes: a model with exactly the weights that the file has, or a DataError in
 * one sentence; within seconds, and without more memory for weights than the file has.
 */
const RUNS = 250;

const folder = await temporaryFolder();
const intact = join(folder, 'intact');
const [json, weights] = ['model.json', 'weights.bin'];
const description = {
  variant: 'unet',
  channels: ['T1', 'FLAIR'],
  modality: 'mr',
  classes: [{ name: 'lesion', values: [1] }],
  slices: { size: [16, 16], plane: 'axial', normalization: { kind: 'percentiles' }, resizing: 'shrink' },
  postProcessing: [{ threshold: 0.4, smallestObject: 35.5, largestComponent: false }],
} as const;
let text: string;
let bytes: Buffer;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const network = smallNetwork();
  await saveModel(intact, network, description);
  network.dispose();
  text = await readFile(join(intact, json), 'utf8');
  bytes = await readFile(join(intact, weights));
});

let count = 0;
async function modelOf(model: string | Uint8Array, content: Uint8Array = bytes): Promise<string> {
  const path = join(folder, `model-${++count}`);
  await mkdir(path);
  await writeFile(join(path, json), model);
  await writeFile(join(path, weights), content);
  return path;
}

async function checkLoad(path: string, runs = { models: 0, refusals: 0 }): Promise<void> {
  const before = tf.memory();
  try {
    const { model, description: loaded } = await loadModel(path);
    expect(4 * model.countParams()).toBe((await readFile(join(path, weights))).length);
    expect(model.inputs[0]!.shape).toEqual([null, ...loaded.slices.size, loaded.channels.length]);
    expect(model.outputs[0]!.shape).toEqual([null, ...loaded.slices.size, loaded.classes.length]);
    model.dispose();
    runs.models++;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.message).toMatch(/^[^\n]+: [^\n]+, expected [^\n]+\.$/);
    expect(error.message.length).toBeLessThan(700);
    runs.refusals++;
  }
  // Of a network that could not be built, at most the file's own weights are left.
  expect(tf.memory().numBytes - before.numBytes).toBeLessThanOrEqual(bytes.length);
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place of a value in JSON, as the object or list that holds it and the key there. */
function placesOf(value: Json): { holder: Record<string, Json>; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, Json>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key] as Json)]);
}

it('refuses post-processing that is out of range or not that of the classes', async () => {
  const [given] = description.postProcessing;
  for (const other of [
    [{ ...given, threshold: 1.4 }],
    [{ ...given, smallestObject: -1 }],
    [{ ...given, largestComponent: 'yes' }],
    [given, given],
  ]) {
    const model = JSON.parse(text) as { userDefinedMetadata: { interseg: { postProcessing: unknown } } };
    model.userDefinedMetadata.interseg.postProcessing = other;
    await expect(loadModel(await modelOf(JSON.stringify(model)))).rejects.toThrow(DataError);
  }
});

describe('loadModel on damaged models', () => {
  it(`of which bytes were changed or the end cut off (${RUNS} seeds)`, async () => {
    const runs = { models: 0, refusals: 0 };
    const change = fc.tuple(fc.nat({ max: 0xffffff }), fc.nat({ max: 255 }));
    const cut = fc.option(fc.nat({ max: 0xffffff }), { freq: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 3 }), cut, fc.boolean(), async (changes, end, inWeights) => {
        const copy = Buffer.from(inWeights ? bytes : Buffer.from(text));
        for (const [at, value] of changes) copy[at % copy.length] = value;
        const damaged = end === null ? copy : copy.subarray(0, end % copy.length);
        await checkLoad(await (inWeights ? modelOf(text, damaged) : modelOf(damaged)), runs);
      }),
      { numRuns: RUNS, seed: 21 },
    );
    expect(runs.models).toBeGreaterThan(RUNS / 20);
    expect(runs.refusals).toBeGreaterThan(RUNS / 4);
  });

  it(`of which one to three values are others, at an extreme, or not there (${RUNS} seeds)`, async () => {
    const runs = { models: 0, refusals: 0 };
    const values: Json[] = [
      null,
      true,
      0,
      -1,
      0.5,
      1,
      2,
      3,
      1e6,
      2 ** 31,
      1e30,
      '',
      'x',
      '../weights.bin',
      '__proto__',
    ];
    const value = fc.constantFrom<Json>(...values, 'constructor', [], {}, [[]], [0], [1e9], { name: 'x' });
    const change = fc.record({ at: fc.nat(), value, how: fc.constantFrom('set', 'set', 'remove', 'double') });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const content = JSON.parse(text) as Json;
        for (const { at, value, how } of changes) {
          const places = placesOf(content);
          const { holder, key } = places[at % places.length]!;
          if (how === 'set') {
            holder[key] = value;
          } else if (Array.isArray(holder)) {
            holder.splice(Number(key), how === 'remove' ? 1 : 0, ...[holder[key]!].slice(+(how === 'remove')));
          } else if (how === 'remove') {
            delete holder[key];
          }
        }
        await checkLoad(await modelOf(JSON.stringify(content)), runs);
      }),
      { numRuns: RUNS, seed: 22 },
    );
    expect(runs.models).toBeGreaterThan(RUNS / 20);
    expect(runs.refusals).toBeGreaterThan(RUNS / 4);
  });
});

interface Content {
  modelTopology: { config: { layers: Layer[] } };
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
}
interface Layer {
  name: string;
  class_name: string;
  config: Record<string, Json>;
  inbound_nodes: [string, number, number, object][][];
}

async function changed(change: (content: Content, layers: Layer[]) => void): Promise<string> {
  const content = JSON.parse(text) as Content;
  change(content, content.modelTopology.config.layers);
  return modelOf(JSON.stringify(content));
}
const lastConvolution = (layers: Layer[]): Layer => layers.findLast((layer) => layer.class_name === 'Conv2D')!;

describe('loadModel', () => {
  it('takes the intact model, by its folder and by its file', async () => {
    for (const path of [intact, join(intact, json)]) {
      const { model, description: loaded } = await loadModel(path);
      expect(loaded).toEqual(description);
      model.dispose();
    }
  });

  it('takes no memory for weights that the file does not have', async () => {
    const path = await changed((_, layers) => (lastConvolution(layers).config['filters'] = 2 ** 28));
    const before = process.memoryUsage().arrayBuffers;
    await expect(loadModel(path)).rejects.toThrow(
      /: found a network that cannot be built \(a layer whose kernel of shape/,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  it('reads the file only where it has the size that is listed, whatever that is', async () => {
    const path = await changed(
      ({ weightsManifest }) => (weightsManifest[0]!.weights[0]!.shape = [2 ** 20, 2 ** 20, 2 ** 12]),
    );
    await expect(loadModel(path)).rejects.toThrow(
      /weights\.bin: found \d+ bytes, expected 1\d{16} bytes: the weights that/,
    );
  });

  it.each([['../intact/weights.bin'], ['/elsewhere/weights.bin'], ['weights.bin', 'more.bin']])(
    'refuses weights elsewhere: %s',
    async (...paths) => {
      const path = await changed(({ weightsManifest }) => (weightsManifest[0]!.paths = paths));
      await expect(loadModel(path)).rejects.toThrow(/model\.json: found weightsManifest\.0\.paths/);
    },
  );

  it.each([json, weights])('refuses a link that leads out of the folder: %s', async (name) => {
    const path = join(folder, `linked-${name}`);
    await mkdir(path);
    for (const one of [json, weights]) {
      if (one === name) await symlink(join(intact, one), join(path, one));
      else await writeFile(join(path, one), await readFile(join(intact, one)));
    }
    await expect(loadModel(path)).rejects.toThrow(`${name}: found a file outside its folder, expected`);
  });

  it('takes a folder that is a link itself', async () => {
    const link = join(folder, 'link');
    await symlink(intact, link);
    (await loadModel(link)).model.dispose();
  });

  it('does not wait for ever where a layer waits for itself, or for none', async () => {
    const own = await changed((_, layers) => {
      const layer = lastConvolution(layers);
      layer.inbound_nodes[0]![0]![0] = layer.name;
    });
    const none = await changed((_, layers) => (lastConvolution(layers).inbound_nodes[0]![0]![0] = 'nowhere'));
    for (const path of [own, none]) {
      await expect(loadModel(path)).rejects.toThrow('which waits for inputs that never come');
    }
    const twice = await changed((_, layers) => Object.assign(lastConvolution(layers), { inboundNodes: [] }));
    await expect(loadModel(twice)).rejects.toThrow('the key inboundNodes');
  });

  it('leaves networks alone that are made while a model is loaded', async () => {
    const make = (): void => {
      smallNetwork().dispose();
    };
    const loading = withinBudget(1, () => setTimeout(20));
    await setTimeout(5);
    expect(make).not.toThrow();
    await loading;
    await expect(withinBudget(1, async () => make())).rejects.toThrow('more than the weights in the file');
  });
});
