import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { pseudoRandom, relativeDifference } from './values.ts';

const epsilon = 1e-3;

interface Case {
  sets: number;
  rows: number;
  channels: number;
  groupSize: number;
}

const cases: Case[] = [
  { sets: 2, rows: 15, channels: 8, groupSize: 1 },
  { sets: 3, rows: 7, channels: 3, groupSize: 1 },
  { sets: 1, rows: 200, channels: 5, groupSize: 5 },
  { sets: 2, rows: 70, channels: 12, groupSize: 3 },
  // so many positions that threads or workgroups share them
  { sets: 5, rows: 2000, channels: 16, groupSize: 2 },
];

const createInputs = ({ sets, rows, channels }: Case): Record<'x' | 'dy' | 'scale' | 'shift', Float32Array> => ({
  x: pseudoRandom(sets * rows * channels, 1).map((v) => 3 + v),
  dy: pseudoRandom(sets * rows * channels, 2),
  scale: pseudoRandom(channels, 3),
  shift: pseudoRandom(channels, 4),
});

/** The definition, in double precision: each group of each set on its own. */
function reference(c: Case): Record<'y' | 'dx' | 'dScale' | 'dShift', Float64Array> {
  const { x, dy, scale, shift } = createInputs(c);
  const result = {
    y: new Float64Array(x.length),
    dx: new Float64Array(x.length),
    dScale: new Float64Array(c.sets * c.channels),
    dShift: new Float64Array(c.sets * c.channels),
  };
  for (let s = 0; s < c.sets; s++) {
    for (let first = 0; first < c.channels; first += c.groupSize) {
      const places: [number, number][] = [];
      for (let r = 0; r < c.rows; r++) {
        for (let k = first; k < first + c.groupSize; k++) places.push([(s * c.rows + r) * c.channels + k, k]);
      }
      const average = (f: (at: number, k: number) => number): number =>
        places.reduce((sum, [at, k]) => sum + f(at, k), 0) / places.length;
      const mean = average((at) => x[at]!);
      const deviation = Math.sqrt(average((at) => (x[at]! - mean) ** 2) + epsilon);
      const standard = (at: number): number => (x[at]! - mean) / deviation;
      const meanOfG = average((at, k) => scale[k]! * dy[at]!);
      const meanOfGx = average((at, k) => scale[k]! * dy[at]! * standard(at));
      for (const [at, k] of places) {
        result.y[at] = scale[k]! * standard(at) + shift[k]!;
        result.dx[at] = (scale[k]! * dy[at]! - meanOfG - standard(at) * meanOfGx) / deviation;
        result.dScale[s * c.channels + k]! += dy[at]! * standard(at);
        result.dShift[s * c.channels + k]! += dy[at]!;
      }
    }
  }
  return result;
}

async function run(c: Case): Promise<Record<'y' | 'dx' | 'dScale' | 'dShift', Float32Array>> {
  const results = tf.tidy(() => {
    const shape = [c.sets, c.rows, c.channels];
    const values = createInputs(c);
    const [x, dy] = [tf.tensor(values.x, shape), tf.tensor(values.dy, shape)];
    const [scale, shift] = [tf.tensor(values.scale), tf.tensor(values.shift)];
    const { groupSize } = c;
    const runKernel = (name: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor[] =>
      tf.engine().runKernel(name, inputs, attrs);
    const [y, mean, inverse] = runKernel('FusedNormalization', { x, scale, shift }, { epsilon, groupSize });
    const inputs = { x, dy, scale, mean: mean!, inverse: inverse! };
    const [dx, dScale, dShift] = runKernel('FusedNormalizationGrad', inputs, { groupSize });
    return { y: y!, dx: dx!, dScale: dScale!, dShift: dShift! };
  });
  const read = (t: tf.Tensor): Promise<Float32Array> => t.data<'float32'>();
  const { y, dx, dScale, dShift } = results;
  const found = { y: await read(y), dx: await read(dx), dScale: await read(dScale), dShift: await read(dShift) };
  tf.dispose(results);
  return found;
}

/** Tests the kernels `FusedNormalization` and `FusedNormalizationGrad` of the current engine, which a package registers. */
export function testFusedNormalization(): void {
  describe('FusedNormalization and its gradient follow the definition', () => {
    test.each(cases)('$sets sets of $rows x $channels, groups of $groupSize', async (c) => {
      const expected = reference(c);
      const before = tf.memory().numTensors;
      const found = await run(c);
      expect(tf.memory().numTensors).toBe(before);
      for (const name of ['y', 'dx', 'dScale', 'dShift'] as const) {
        expect(relativeDifference(found[name], expected[name]), name).toBeLessThan(1e-5);
      }
    });
  });

  test('other shapes than [sets, positions, channels] are refused', () => {
    const x = tf.ones([2, 3, 4, 5]);
    const scale = tf.ones([5]);
    expect(() => tf.engine().runKernel('FusedNormalization', { x, scale, shift: scale }, { epsilon })).toThrow(
      'it takes float32 [sets, positions, channels]',
    );
  });
}
