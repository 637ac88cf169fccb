import type { CaseVolume } from '@interseg/data';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainPostProcessing, type ClassPostProcessing } from './post-processing.ts';
import { predictVolume, predictWithEnsemble } from './predict-volume.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const classes = [{ name: 'one', values: [1] }];

/** A volume of 2 slices of 20 × 12 pixels, with values in (0, 1) that differ from pixel to pixel. */
function volume(): CaseVolume {
  const shape = [12, 20, 2] as const;
  const data = Float32Array.from({ length: 480 }, (_, i) => ((i * 37) % 101) / 101);
  const affine = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
    [0, 0, 0, 1],
  ] as const;
  const source = { shape, spacing: [1, 1, 1], affine };
  return {
    id: 'a',
    shape,
    spacing: [1, 1, 1],
    affine,
    modality: 'mr',
    channels: [data],
    source,
  } as unknown as CaseVolume;
}

/** Gives `factor · image`, whatever the place: what tiles and flips must not change. */
function scaling(size: number, factor: number): tfl.LayersModel {
  const input = tfl.input({ shape: [size, size, 1] });
  const weights = [tf.tensor4d([factor], [1, 1, 1, 1])];
  const layer = tfl.layers.conv2d({ filters: 1, kernelSize: 1, useBias: false, weights });
  return tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
}

/** Gives its column's number / size: what a flip turns round. */
function columns(size: number): tfl.LayersModel {
  const input = tfl.input({ shape: [size, size, 1] });
  const ramp = tf.tensor(
    Float32Array.from({ length: size * size }, (_, i) => (i % size) / size),
    [size * size],
  );
  const flat = tfl.layers.flatten().apply(input) as tfl.SymbolicTensor;
  const weights = [tf.zeros([size * size, size * size]), ramp];
  const dense = tfl.layers.dense({ units: size * size, weights }).apply(flat) as tfl.SymbolicTensor;
  const output = tfl.layers.reshape({ targetShape: [size, size, 1] }).apply(dense) as tfl.SymbolicTensor;
  return tfl.model({ inputs: input, outputs: output });
}

const slices = { size: [8, 8], normalization: { kind: 'none' } } as const;

it('blends tiles to what the network gives for each pixel, without a seam', async () => {
  const model = scaling(8, 0.5);
  const before = tf.memory().numTensors;
  for (const flips of [false, true]) {
    const { probabilities } = await predictVolume(model, volume(), {
      classes,
      slices,
      tileOverlap: 0.5,
      flips,
      batchSize: 3,
    });
    const expected = volume().channels[0]!;
    probabilities[0]!.forEach((value, i) => expect(value).toBeCloseTo(0.5 * expected[i]!, 5));
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('shrinks slices to the network where tiles are not asked for', async () => {
  const { probabilities } = await predictVolume(scaling(8, 0.5), volume(), { classes, slices });
  expect(probabilities[0]).toHaveLength(480);
  const expected = volume().channels[0]!;
  expect(probabilities[0]!.some((value, i) => Math.abs(value - 0.5 * expected[i]!) > 0.05)).toBe(true);
});

it('takes the mean over mirror images', async () => {
  const { probabilities } = await predictVolume(columns(8), volume(), { classes, slices, tileOverlap: 0, flips: true });
  // Column c and its mirror image 7 − c: (c + 7 − c) / 2 / 8.
  for (const value of probabilities[0]!) expect(value).toBeCloseTo(7 / 16, 5);
});

it('takes the mean over models, also of different sizes', async () => {
  const members = [
    { model: scaling(8, 0.2), slices },
    { model: scaling(32, 0.8), slices: { ...slices, size: [32, 32] as const } },
  ];
  const { probabilities, labels } = await predictWithEnsemble(members, volume(), { classes, tileOverlap: 0.25 });
  const expected = volume().channels[0]!;
  probabilities[0]!.forEach((value, i) => expect(value).toBeCloseTo(0.5 * expected[i]!, 5));
  expect(Array.from(labels).every((label) => label === 0)).toBe(true);
});

describe('a network with a softmax', () => {
  const two = [
    { name: 'one', values: [1] },
    { name: 'two', values: [2] },
  ];
  /** Gives 0.45 and 0.3 of the image, so that a class can win below 0.5: background has the rest. */
  function competing(size: number): tfl.LayersModel {
    const input = tfl.input({ shape: [size, size, 1] });
    const weights = [tf.tensor4d([0.45, 0.3], [1, 1, 1, 2])];
    const layer = tfl.layers.conv2d({ filters: 2, kernelSize: 1, useBias: false, weights });
    return tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
  }

  it('labels voxels by the most probable of background and classes', async () => {
    const options = { classes: two, slices, tileOverlap: 0 };
    const { labels } = await predictVolume(competing(8), volume(), { ...options, outputActivation: 'softmax' });
    // 0.45·x ≥ 1 − 0.75·x from x = 1/1.2.
    const expected = Array.from(volume().channels[0]!, (x) => (x > 1 / 1.2 ? 1 : 0));
    expect(Array.from(labels)).toEqual(expected);
    expect(expected).toContain(1);
    expect(Array.from((await predictVolume(competing(8), volume(), options)).labels)).not.toContain(1);
  });

  it('keeps the largest component of the voxels that it labels', async () => {
    const image = volume();
    image.channels[0]!.fill(0);
    const bright = [0, 1, 12, 13, 14, 100];
    for (const voxel of bright) image.channels[0]![voxel] = 0.95;
    const options = {
      classes: two,
      slices,
      tileOverlap: 0,
      largestComponent: true,
      outputActivation: 'softmax',
    } as const;
    const { labels } = await predictVolume(competing(8), image, options);
    expect([...labels].flatMap((label, voxel) => (label === 1 ? [voxel] : []))).toEqual(bright.slice(0, 5));
  });
});

it('refuses an overlap out of range', async () => {
  await expect(predictVolume(scaling(8, 1), volume(), { classes, slices, tileOverlap: 1 })).rejects.toThrow(
    'tileOverlap is 1, expected a number from 0 and below 1.',
  );
});

describe('a network that was trained on patches', () => {
  const patches = { size: [8, 8], normalization: { kind: 'none' }, resizing: 'patch' } as const;

  it('covers larger slices with tiles by itself, and gives back what it saw', async () => {
    const expected = volume().channels[0]!;
    for (const tileOverlap of [undefined, 0, 0.25]) {
      const options = { classes, slices: patches, tileOverlap, batchSize: 5 };
      const { probabilities } = await predictVolume(scaling(8, 1), volume(), options);
      probabilities[0]!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    }
  });

  it('is exact where one tile holds a slice', async () => {
    const { probabilities } = await predictVolume(scaling(32, 1), volume(), {
      classes,
      slices: { ...patches, size: [32, 32] },
    });
    expect(probabilities[0]).toEqual(volume().channels[0]);
  });

  it('has tiles that overlap by half', async () => {
    const { probabilities } = await predictVolume(columns(8), volume(), { classes, slices: patches });
    const half = await predictVolume(columns(8), volume(), { classes, slices: patches, tileOverlap: 0.5 });
    expect(probabilities).toEqual(half.probabilities);
    const none = await predictVolume(columns(8), volume(), { classes, slices: patches, tileOverlap: 0 });
    expect(probabilities).not.toEqual(none.probabilities);
  });

  it('keeps the spacing that it was trained at', async () => {
    // Twice as many pixels each way.
    const slices = { ...patches, spacing: 0.5 };
    const passes = countPasses(scaling(8, 1));
    await predictVolume(passes.model, volume(), { classes, slices, tileOverlap: 0, batchSize: 8 });
    // 2 slices of 40 × 24 pixels: 15 tiles of 8 × 8 each, in full batches but for the last.
    expect(passes.batches).toEqual([8, 8, 8, 6]);
  });
});

describe('a network that sees neighbouring slices', () => {
  /** Gives 0.2 · one slice + 0.3 · the next + 0.5 · the one after it. */
  function mixing(size: number): tfl.LayersModel {
    const input = tfl.input({ shape: [size, size, 3] });
    const weights = [tf.tensor4d([0.2, 0.3, 0.5], [1, 1, 3, 1])];
    const layer = tfl.layers.conv2d({ filters: 1, kernelSize: 1, useBias: false, weights });
    return tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
  }
  const [lower, upper] = [volume().channels[0]!.subarray(0, 240), volume().channels[0]!.subarray(240)];
  const mixed = (slices: Float32Array[]): number[] =>
    Array.from(lower, (_, i) => 0.2 * slices[0]![i]! + 0.3 * slices[1]![i]! + 0.5 * slices[2]![i]!);

  it.each([
    ['a whole slice', { size: [32, 32] as const }],
    ['patches', { size: [8, 8] as const, resizing: 'patch' as const }],
  ])('gets them in order, and the outermost one beyond the volume: %s', async (_, more) => {
    const context = { ...slices, ...more, context: 1 };
    const model = mixing(more.size[0]);
    const before = tf.memory().numTensors;
    const { probabilities } = await predictVolume(model, volume(), { classes, slices: context, batchSize: 3 });
    const expected = [...mixed([lower, lower, upper]), ...mixed([lower, upper, upper])];
    probabilities[0]!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    // By place: 0.4 mm away the nearest slice of 1 mm is the slice itself.
    const near = { ...context, contextSpacing: 0.4 };
    const same = await predictVolume(model, volume(), { classes, slices: near, tileOverlap: 0.25 });
    same.probabilities[0]!.forEach((value, i) => expect(value).toBeCloseTo(volume().channels[0]![i]!, 5));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('goes together with one that does not', async () => {
    const members = [
      { model: mixing(8), slices: { ...slices, resizing: 'patch' as const, context: 1 } },
      { model: scaling(32, 0), slices: { ...slices, size: [32, 32] as const } },
    ];
    const { probabilities } = await predictWithEnsemble(members, volume(), { classes });
    const expected = [...mixed([lower, lower, upper]), ...mixed([lower, upper, upper])];
    probabilities[0]!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]! / 2, 5));
  });
});

it('gives the same whatever the number of tiles per pass', async () => {
  const all: Float32Array[] = [];
  for (const batchSize of [1, 3, 64]) {
    const { probabilities } = await predictVolume(columns(8), volume(), {
      classes,
      slices,
      tileOverlap: 0.3,
      batchSize,
    });
    all.push(probabilities[0]!);
  }
  expect(all[1]).toEqual(all[0]);
  expect(all[2]).toEqual(all[0]);
});

/** A model that notes how many tiles each pass has. */
function countPasses(model: tfl.LayersModel) {
  const batches: number[] = [];
  const apply = model.apply.bind(model);
  model.apply = (inputs, options) => {
    batches.push((inputs as tf.Tensor).shape[0]!);
    return apply(inputs, options);
  };
  return { model, batches };
}

it('makes masks as the settings of each class say, and refuses others', async () => {
  const image = volume();
  // The whole image is one slice here: probabilities are the values of its pixels.
  const wide = { size: [20, 12], normalization: { kind: 'none' }, resizing: 'crop' } as const;
  const input = tfl.input({ shape: [20, 12, 1] });
  const model = tfl.model({
    inputs: input,
    outputs: tfl.layers.activation({ activation: 'linear' }).apply(input) as tfl.SymbolicTensor,
  });
  const above = (threshold: number): number => image.channels[0]!.filter((value) => value >= threshold).length;
  const count = async (postProcessing: ClassPostProcessing[], largestComponent?: boolean): Promise<number> => {
    const { labels } = await predictVolume(model, image, { classes, slices: wide, postProcessing, largestComponent });
    return Array.from(labels).filter((label) => label > 0).length;
  };
  expect(await count([plainPostProcessing])).toBe(above(0.5));
  expect(await count([{ ...plainPostProcessing, threshold: 0.8 }])).toBe(above(0.8));
  expect(above(0.8)).toBeLessThan(above(0.5));
  const largest = await count([{ ...plainPostProcessing, threshold: 0.8, largestComponent: true }]);
  expect(largest).toBeLessThan(above(0.8));
  expect(await count([{ ...plainPostProcessing, threshold: 0.8 }], true)).toBe(largest);
  expect(await count([{ ...plainPostProcessing, threshold: 0.8, largestComponent: true }], false)).toBe(above(0.8));
  await expect(count([])).rejects.toThrow('postProcessing has 0 entries, expected one for each of 1 classes.');
  await expect(count([{ ...plainPostProcessing, threshold: 1 }])).rejects.toThrow(/^threshold is 1, expected/);
  await expect(count([{ ...plainPostProcessing, smallestObject: -1 }])).rejects.toThrow(
    /^smallestObject is -1, expected/,
  );
});

describe('on the way', () => {
  const shape = [12, 4, 10] as const;
  const ten = { ...volume(), shape, source: { ...volume().source, shape } } as CaseVolume;
  const options = { classes, slices, batchSize: 4 };

  it('tells how many slices are done', async () => {
    const told: [number, number][] = [];
    const model = scaling(8, 1);
    await predictVolume(model, ten, { ...options, onProgress: ({ done, total }) => told.push([done, total]) });
    expect(told).toEqual([
      [4, 10],
      [8, 10],
      [10, 10],
    ]);
    const members = [
      { model, slices },
      { model, slices },
    ];
    told.length = 0;
    await predictWithEnsemble(members, ten, {
      ...options,
      batchSize: 8,
      onProgress: ({ done, total }) => told.push([done, total]),
    });
    expect(told).toEqual([
      [8, 20],
      [10, 20],
      [18, 20],
      [20, 20],
    ]);
    model.dispose();
  });

  it('ends before the next pass when it is told to, and leaves no tensor behind', async () => {
    const model = scaling(8, 1);
    const tensors = tf.memory().numTensors;
    const controller = new AbortController();
    const told: number[] = [];
    const onProgress = ({ done }: { done: number }): void => {
      told.push(done);
      controller.abort(new Error('enough'));
    };
    await expect(predictVolume(model, ten, { ...options, signal: controller.signal, onProgress })).rejects.toThrow(
      'enough',
    );
    expect(told).toEqual([4]);
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });

  it('lets an event abort it, although the engine gives its results without a pause', async () => {
    const model = scaling(8, 1);
    const controller = new AbortController();
    const told: number[] = [];
    setTimeout(() => controller.abort(new Error('later')));
    const onProgress = ({ done }: { done: number }): void => void told.push(done);
    await expect(
      predictVolume(model, ten, { ...options, batchSize: 1, signal: controller.signal, onProgress }),
    ).rejects.toThrow('later');
    expect(told.length).toBeLessThan(10);
    model.dispose();
  });
});
