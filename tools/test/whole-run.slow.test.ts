import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generatePhantoms, readCase, type DataSet } from '@interseg/data';
import { readNifti, writeNifti } from '@interseg/nifti';
import { useEngine } from '@interseg/runtime';
import { loadModel, predictVolume, writeLabels } from '@interseg/inference';
import { runConfiguration, runFolder, train, type RunResult } from '@interseg/training';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

const python = process.env['INTERSEG_PYTHON'] ?? '';
const required = process.env['INTERSEG_REQUIRE_PYTHON'] === '1';

let folder: string;
let dataset: DataSet;
let run: ReturnType<typeof runFolder>;
let result: RunResult;

beforeAll(async () => {
  const { name } = await useEngine('wasm', { threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'interseg-whole-run-'));
  const phantoms = await generatePhantoms(join(folder, 'data'), {
    patients: 10,
    shape: [36, 40, 10],
    spacing: [4, 4, 9],
    classes: ['lesion', 'cyst'],
    channels: ['T1', 'FLAIR'],
    objects: { count: [1, 2], radius: [14, 22] },
    contrast: 0.7,
    noise: 0.02,
    biasField: 0.05,
    distractors: 0,
    seed: 5,
  });
  await turn(phantoms);
  dataset = phantoms;
  run = runFolder(join(folder, 'run'));
  const configuration = runConfiguration.parse({
    data: dataset.folder,
    size: 48,
    filters: [8, 16, 32],
    epochs: 18,
    batch: 4,
    decayEvery: 10,
    learningRate: 5e-3,
  });
  result = await train(configuration, run.root, { engine: name });
});

/** Turns the grids, so that a mistake in an affine shows: oblique, anisotropic, and running to the left. */
async function turn({ cases }: DataSet): Promise<void> {
  const [cos, sin] = [Math.cos(0.2), Math.sin(0.2)];
  const affine = [
    [-4 * cos, 4 * sin, 0, 70],
    [4 * sin, 4 * cos, 0, -50],
    [0, 0, 9, -33],
    [0, 0, 0, 1],
  ];
  for (const { images, label } of cases) {
    for (const [path, labels] of [
      [images[0]!, false],
      [label!, true],
    ] as const) {
      const { data, shape } = await readNifti(path);
      await writeNifti(path, { data, shape, spacing: [4, 4, 9, 1].slice(0, shape.length), affine }, { labels });
    }
  }
}

describe('several classes, several channels, anisotropic and oblique', () => {
  it('is learned: the loss falls and the objects of unseen patients are found', () => {
    const [first, last] = [result.history[0]!, result.history.at(-1)!];
    expect(last.lossImage).toBeLessThan(0.5 * first.lossImage);
    expect(result.metrics!.mean.dice).toBeGreaterThan(0.5);
    expect(Object.keys(result.metrics!.mean.classes)).toEqual(['lesion', 'cyst']);
  });

  it.skipIf(python === '' && !required)("is predicted on the image's own grid, says nibabel", async () => {
    const { test } = JSON.parse(await readFile(run.split, 'utf8')) as {
      test: string[];
    };
    const one = dataset.cases.find(({ id }) => id === test[0])!;
    const volume = await readCase(dataset, one);
    const { model, description } = await loadModel(run.model);
    const before = tf.memory().numTensors;
    const { labels } = await predictVolume(model, volume, description);
    expect(tf.memory().numTensors).toBe(before);
    const output = join(folder, 'prediction.nii.gz');
    await writeLabels(output, labels, volume.source);
    model.dispose();
    const script = `
import json, sys, nibabel, numpy
image, prediction = (nibabel.load(path) for path in sys.argv[1:])
voxels = numpy.asarray(prediction.dataobj)
print(json.dumps({
    'image': image.shape, 'prediction': prediction.shape, 'sum': int(voxels.astype(int).sum()),
    'difference': float(numpy.abs(image.affine - prediction.affine).max()),
    'axes': nibabel.aff2axcodes(prediction.affine), 'labels': sorted(set(voxels.ravel().tolist())),
}))`;
    const { stdout } = await promisify(execFile)(python, ['-c', script, one.images[0]!, output]);
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({ image: [36, 40, 10, 2], prediction: [36, 40, 10], axes: ['L', 'A', 'S'] });
    expect(seen.difference).toBeLessThan(1e-5);
    expect(seen.sum).toBe(Array.from(labels).reduce((a, b) => a + b, 0));
    expect(seen.labels.every((label: number) => [0, 1, 2].includes(label))).toBe(true);
  });
});
