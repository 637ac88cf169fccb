import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { loadModel, loadModelFiles, unzipModelFiles, type LoadedModel } from '@interseg/inference';
import { encodeNifti, readNifti } from '@interseg/nifti';
import { useEngine } from '@interseg/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { fineTune, type FineTuneContext } from '../../page/src/worker/fine-tune.ts';
import type { AnnotatedFiles, FineTuningSettings, Progress } from '../../page/src/worker/protocol.ts';

const settings: FineTuningSettings = { epochs: 2, learningRate: 0.003, batchSize: 8, seed: 1 };
let loaded: LoadedModel;
let scan: AnnotatedFiles;

beforeAll(async () => {
  await useEngine('wasm', { threads: 1 });
  loaded = await loadModel(join(import.meta.dirname, '..', 'fixture'));
  const folder = await temporaryFolder();
  await generatePhantoms(folder, {
    patients: 1,
    shape: [64, 64, 16],
    spacing: [2, 2, 4],
    classes: ['tumour', 'cyst'],
    objects: { count: [2, 3], radius: [5, 10] },
    seed: 5,
  });
  const file = async (kind: string, name: string): Promise<File> =>
    new File([new Uint8Array(await readFile(join(folder, kind, 'phantom_001.nii.gz')))], name);
  scan = { name: 'p1', files: [await file('imagesTr', 'p1.nii.gz')], mask: await file('labelsTr', 'p1_mask.nii.gz') };
});

function train(
  more: Partial<FineTuneContext> = {},
  scans = [scan],
  model = loaded,
  changes: Partial<FineTuningSettings> = {},
) {
  const context: FineTuneContext = {
    signal: new AbortController().signal,
    renewSignal: () => new AbortController().signal,
    onProgress: () => {},
    name: 'Lesions, fine-tuned',
    ...more,
  };
  return fineTune(model, scans, { ...settings, ...changes }, context);
}

/** The mask with other label values, or a grid that lies elsewhere. */
async function changed(change: (value: number) => number, shift = 0): Promise<File> {
  const { data, shape, affine } = await readNifti(scan.mask);
  const moved = affine.map((row, axis) =>
    axis === 0 ? [...row.slice(0, 3), row[3]! + shift] : row,
  ) as unknown as typeof affine;
  const bytes = await encodeNifti({ data: Uint8Array.from(data, change), shape, affine: moved }, { labels: true });
  return new File([bytes], 'p1_mask.nii.gz');
}

async function weightsOf(archive: Blob): Promise<number[]> {
  const { model } = await loadModelFiles(await unzipModelFiles(archive));
  const values = model.getWeights().flatMap((one) => [...one.dataSync()]);
  model.dispose();
  return values;
}

describe('fineTune', () => {
  it('gives another model with the same description, the same each time, and leaves no tensor behind', async () => {
    const own = loaded.model.getWeights().flatMap((one) => [...one.dataSync()]);
    const tensors = tf.memory().numTensors;
    const told: Progress[] = [];
    const first = await train({ onProgress: (progress) => told.push(progress) });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(first).toMatchObject({ stopped: false, warnings: [] });
    expect(first.losses).toHaveLength(2);
    expect(first.losses[1]).toBeLessThan(first.losses[0]!);
    expect(first.dice.map(({ scan: name, label }) => [name, label])).toEqual([
      ['p1', 'tumour'],
      ['p1', 'cyst'],
    ]);
    for (const { before, after } of first.dice) for (const one of [before, after]) expect(one).toBeLessThanOrEqual(1);
    const steps = told.filter(({ text }) => text.startsWith('Epoch'));
    expect(steps[0]!.text).toMatch(/^Epoch 1 of 2, step 1 of \d+: loss \d\.\d{3}, about \d+ s left$/);
    expect(steps.at(-1)).toMatchObject({ part: 1, losses: [first.losses[0]] });
    expect(told.map(({ text }) => text)).toEqual(expect.arrayContaining(['Measuring p1 before training']));

    const { model, description } = await loadModelFiles(await unzipModelFiles(first.archive));
    expect(description).toEqual(loaded.description);
    model.dispose();
    const weights = await weightsOf(first.archive);
    expect(weights).not.toEqual(own);
    expect(loaded.model.getWeights().flatMap((one) => [...one.dataSync()])).toEqual(own);
    expect(await weightsOf((await train()).archive)).toEqual(weights);
    expect(await weightsOf((await train({}, [scan], loaded, { seed: 2 })).archive)).not.toEqual(weights);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('keeps what was learnt until it is stopped, and measures until it is stopped once more', async () => {
    const tensors = tf.memory().numTensors;
    const [first, second] = [new AbortController(), new AbortController()];
    const result = await train(
      {
        signal: first.signal,
        renewSignal: () => second.signal,
        onProgress: ({ text }) => {
          if (text.startsWith('Epoch 2 of 50')) first.abort();
          if (text.endsWith('after training')) second.abort();
        },
      },
      [{ ...scan }],
      loaded,
      { epochs: 50 },
    );
    expect(result.stopped).toBe(true);
    expect(result.losses).toHaveLength(1);
    expect(result.dice.map(({ after }) => after)).toEqual([undefined, undefined]);
    expect(await weightsOf(result.archive)).toHaveLength(
      loaded.model.getWeights().reduce((sum, { size }) => sum + size, 0),
    );
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('has no model where it is stopped before', async () => {
    await expect(train({ signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it('refuses a mask with other labels, on another grid or without any, and warns of a class that none has', async () => {
    const tensors = tf.memory().numTensors;
    const other = async (mask: Promise<File>) => train({}, [{ ...scan, mask: await mask }], loaded, { epochs: 1 });
    await expect(other(changed((value) => value * 4))).rejects.toThrow(
      /^p1_mask\.nii\.gz: found the label [48] \(voxel \d+ of the file\), expected 0 or one of 1 \(tumour\), 2 \(cyst\)\.$/,
    );
    await expect(other(changed((value) => value, 3))).rejects.toThrow(
      'p1_mask.nii.gz: its grid lies up to 3 mm from that of p1.nii.gz, expected at most',
    );
    await expect(other(changed(() => 0))).rejects.toThrow('Found no voxel of tumour, cyst in the masks');
    expect((await other(changed((value) => value & 1))).warnings).toEqual([
      'No mask has the class cyst: the model may find less of it afterwards.',
    ]);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('refuses a model that it cannot build, and settings out of range', async () => {
    const { model, description } = loaded;
    await expect(train({}, [scan], { model, description: { ...description, plugins: ['attention'] } })).rejects.toThrow(
      "This model cannot be trained here: it comes with the plugin attention, expected a network of InterSeg's own.",
    );
    await expect(train({}, [scan], { model, description: { ...description, variant: 'unetpp' } })).rejects.toThrow(
      /^This model cannot be trained here\. The model is a U-Net\+\+ with another layer/,
    );
    await expect(train({}, [scan], loaded, { learningRate: -1 })).rejects.toThrow(/learningRate is -1, expected/);
  });
});
