import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { imageFromVolumes, loadModel, predictVolume, saveModel, type ModelDescription } from '@interseg/inference';
import { createNetwork } from '@interseg/models';
import { encodeNifti, readNifti } from '@interseg/nifti';
import type { EpochRecord } from '@interseg/training';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.ts';
import { readmeExample } from '../../build/example.mjs';
import { forBrowsers } from '../../build/for-browsers.mjs';
import { temporaryFolder } from '../../build/temporary-folder.ts';
import { bundle } from './bundle.ts';
import { openPage } from './chromium.ts';
import type { PredictResult } from './predict-page.ts';
import { serve } from './site.ts';

const chromium = findChromium();
const reason = chromium === undefined ? 'no chromium or google-chrome is on the path' : '';
if (reason) console.warn(`Packages in a browser are not tested: ${reason}.`);

const training = fileURLToPath(new URL('../../../packages/training', import.meta.url));

/** Runs a script in a page of Chromium until it sends its result. */
async function inChromium<Result>(script: string, files: Record<string, Uint8Array> = {}): Promise<Result> {
  const site = await serve(script, files);
  const result = site.result();
  const { closed, close } = openPage(chromium as string, `${site.url}/plain`);
  try {
    const found = (await Promise.race([result, closed])) as Result & { error?: string };
    expect(found.error).toBeUndefined();
    return found;
  } finally {
    await close();
    site.close();
  }
}

describe('packages for browsers', () => {
  it.each(forBrowsers)('%s needs no module of Node', async (name) => {
    const script = await bundle({ code: `export * from '@interseg/${name}';`, folder: training });
    expect(script).not.toMatch(/\bfrom\s*["']node:/);
  });

  it('would be found out by what they import', async () => {
    const code = `import { rm } from 'node:fs/promises'; console.log(rm);`;
    await expect(bundle({ code, folder: training })).rejects.toThrow('node:fs/promises');
  });
});

describe.skipIf(reason !== '')(`in Chromium${reason && ` (${reason})`}`, () => {
  it('the ten lines of the README of training do what they do in Node', async () => {
    const { code } = readmeExample(await readFile(join(training, 'README.md'), 'utf8'))!;
    const file = join(training, 'test-results', 'example-in-node.ts');
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, `${code}\nexport { history, probabilities };`);
    const inNode = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      history: EpochRecord[];
      probabilities: tf.Tensor;
    };

    const send = `await fetch('/result', { method: 'POST', body: JSON.stringify({
      history, probabilities: Array.from(await probabilities.data()), shape: probabilities.shape,
    }) });`;
    const inPage = await inChromium<{ history: EpochRecord[]; probabilities: number[]; shape: number[] }>(
      await bundle({ code: `${code}\n${send}`, folder: training }),
    );

    expect(inPage.history).toHaveLength(3);
    expect(inPage.history[2]!.trainLoss).toBeLessThan(inPage.history[0]!.trainLoss);
    inPage.history.forEach((record, epoch) => {
      const expected = inNode.history[epoch]!;
      for (const name of ['trainLoss', 'lossMask', 'lossIntermediate', 'lossReconstruction', 'valLoss'] as const) {
        expect(record[name], name).toBeCloseTo(expected[name]!, 4);
      }
      expect(record.valDice ?? 0).toBeCloseTo(expected.valDice ?? 0, 3);
    });
    expect(inPage.shape).toEqual(inNode.probabilities.shape);
    const expected = await inNode.probabilities.data();
    inPage.probabilities.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4));
  });

  it('a NIfTI file becomes the same label map as in Node, with a model from its files', async () => {
    await tf.setBackend('cpu');
    const folder = join(await temporaryFolder(), 'model');
    const network = createNetwork({ variant: 'unet', inputShape: [16, 16, 1], classes: 1, filters: [2, 4, 8] });
    // So that about half of the voxels are segmented.
    network.variables.get('head/bias')!.assign(tf.tensor1d([-0.2]) as tf.Variable<tf.Rank.R1>);
    const description: ModelDescription = {
      variant: 'unet',
      channels: ['T1'],
      modality: 'mr',
      classes: [{ name: 'lesion', values: [3] }],
      slices: { size: [16, 16] },
    };
    await saveModel(folder, network.deploy, description);
    network.dispose();
    // Axes turned and oblique, so that the way there and back is not the identity.
    const affine = [
      [0, -2, 0.1, 30],
      [1.5, 0, 0, -20],
      [0, 0.1, 3, 5],
    ] as unknown as Awaited<ReturnType<typeof readNifti>>['affine'];
    const data = Int16Array.from({ length: 14 * 12 * 5 }, (_, i) => 100 + Math.round(90 * Math.sin(i * i)));
    const bytes = await encodeNifti({ data, shape: [14, 12, 5], affine });

    const { model } = await loadModel(folder);
    const image = await imageFromVolumes([{ path: 'image', volume: await readNifti(bytes) }], description);
    const { labels, probabilities } = await predictVolume(model, image, description);
    expect(new Set(labels)).toEqual(new Set([0, 3]));
    const { shape, header } = image.source;
    const grid = { data: labels, shape, affine: image.source.affine, header };
    const file = await encodeNifti(grid, { labels: true, compressed: false });

    const read = async (name: string): Promise<Uint8Array> => readFile(join(folder, name));
    const inPage = await inChromium<PredictResult>(
      await bundle(fileURLToPath(new URL('predict-page.ts', import.meta.url))),
      {
        '/files/model.json': await read('model.json'),
        '/files/weights.bin': await read('weights.bin'),
        '/files/image.nii.gz': bytes,
      },
    );
    expect(Buffer.from(inPage.file).equals(Buffer.from(file))).toBe(true);
    inPage.probabilities.forEach((value, i) => expect(Math.abs(value - probabilities[0]![i]!)).toBeLessThan(1e-5));
    model.dispose();
  });
});
