import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectAllClose, valueOf } from '../test/support.ts';
import { checkHybridLossWeights, hybridLoss, type HybridLoss, type HybridLossInput } from './hybrid-loss.ts';
import { defaultLossWeights } from './loss-weights.ts';

/*
 * Terms that are easy by hand, with two foreground voxels of four:
 * image, p = ½:           BCE log 2,        Dice 1 − 3/5                 → 1.0931472
 * mask, p = ¼:            BCE (log 4 + log 4/3)/2 = 0.8369882,
 *                         Dice 1 − (2·½ + 1)/(2 + 1 + 1) = ½             → 1.3369882
 * intermediate:           ω·(1², 3²), ω = (2, 0.5)                       → 6.5
 * reconstruction, ½ of ½: log 2                                          → 0.6931472
 */
const expected = { image: 1.0931472, mask: 1.3369882, intermediate: 6.5, reconstruction: 0.6931472 };
const omega = [2, 0.5];
let input: Required<Omit<HybridLossInput, 'deepSupervision'>>;

beforeAll(() => {
  const labels = tf.tensor4d([1, 1, 0, 0], [1, 2, 2, 1]);
  input = {
    image: { labels, predictions: tf.fill([1, 2, 2, 1], 0.5) },
    mask: { labels, predictions: tf.fill([1, 2, 2, 1], 0.25) },
    intermediate: { features: [tf.scalar(1), tf.scalar(4)], targets: [tf.scalar(2), tf.scalar(1)] },
    reconstruction: { image: tf.fill([1, 2, 2, 1], 0.5), reconstruction: tf.fill([1, 2, 2, 1], 0.5) },
  };
});

const numbers = (loss: HybridLoss) =>
  Object.fromEntries(Object.entries(loss).map(([name, term]) => [name, valueOf(term)]));

describe('hybridLoss', () => {
  it('is equation 6 with all terms', () => {
    const loss = numbers(hybridLoss(input, { alpha: 2, gamma: 3, lambda: 0.5, beta: 7, omega }));
    expect(Object.keys(loss).sort()).toEqual(['image', 'intermediate', 'mask', 'reconstruction', 'total']);
    expectAllClose(
      [loss.image!, loss.mask!, loss.intermediate!, loss.reconstruction!],
      [expected.image, expected.mask, expected.intermediate, expected.reconstruction],
    );
    const total = 2 * expected.image + 3 * expected.mask + 0.5 * expected.intermediate + 7 * expected.reconstruction;
    expectAllClose([loss.total!], [total]);
  });

  it('is equation 4 without the reconstruction, α·L_image + β·L_t without the mask path, L_image alone', () => {
    const { image, mask, intermediate, reconstruction } = input;
    const options = { gamma: 0.5, lambda: 0.1, beta: 0.25, omega };
    const equation4 = numbers(hybridLoss({ image, mask, intermediate }, options));
    expectAllClose([equation4.total!], [expected.image + 0.5 * expected.mask + 0.1 * expected.intermediate]);
    const tiedWeights = numbers(hybridLoss({ image, reconstruction }, options));
    expectAllClose([tiedWeights.total!], [expected.image + 0.25 * expected.reconstruction]);
    expect(Object.keys(tiedWeights).sort()).toEqual(['image', 'reconstruction', 'total']);
    expect(Object.keys(numbers(hybridLoss({ image }, options))).sort()).toEqual(['image', 'total']);
  });

  it('takes another loss in the place of BCE-Dice, for image and mask', () => {
    const segmentationLoss = (labels: tf.Tensor, predictions: tf.Tensor, { smooth = 0 }): tf.Scalar =>
      tf.tidy(() => tf.add(tf.sum(tf.abs(tf.sub(labels, predictions))), smooth));
    const { image, mask } = input;
    const loss = numbers(hybridLoss({ image, mask }, { alpha: 1, gamma: 2, segmentationLoss, smooth: 0.5 }));
    // |1 − ½|·2 + |0 − ½|·2 and |1 − ¼|·2 + |0 − ¼|·2, with 0.5 each.
    expectAllClose([loss.image!, loss.mask!, loss.total!], [2.5, 2.5, 7.5]);
  });

  it('puts the mean of L_image over all resolutions in the place of L_image with deep supervision', () => {
    // A half, p = ¼ for targets of 1 and 0: BCE as above, Dice 1 − (2·¼ + 1)/(½ + 1 + 1) = 0.4. Weights 2/3 and 1/3.
    const labels = tf.tensor4d([1, 1, 0, 0, 1, 1, 0, 0], [1, 2, 4, 1]);
    const image = { labels, predictions: tf.fill([1, 2, 4, 1], 0.5) };
    const deepSupervision = [tf.fill([1, 1, 2, 1], 0.25)];
    const [full, half] = [Math.LN2 + 1 - 5 / 9, 0.8369882 + 0.4];
    const loss = numbers(hybridLoss({ ...input, image, deepSupervision }, { alpha: 2, gamma: 3, lambda: 0, beta: 0 }));
    expectAllClose([loss.image!, loss.deepSupervision!], [full, half]);
    expectAllClose([loss.total!], [2 * ((2 * full + half) / 3) + 3 * expected.mask]);
    const without = numbers(
      hybridLoss({ ...input, image, deepSupervision }, { alpha: 0, gamma: 1, lambda: 0, beta: 0 }),
    );
    expectAllClose([without.deepSupervision!, without.total!], [half, expected.mask]);
  });

  it('uses the exported defaults, for options given as undefined too', () => {
    const { alpha, gamma, lambda, beta } = defaultLossWeights;
    const total = alpha * expected.image + gamma * expected.mask + lambda * (1 + 9) + beta * expected.reconstruction;
    expectAllClose([valueOf(hybridLoss(input).total)], [total]);
    expectAllClose([valueOf(hybridLoss(input, { lambda: undefined, omega: undefined }).total)], [total]);
  });

  it('passes its options on to the terms', () => {
    const { image, mask, intermediate, reconstruction } = input;
    const logits = { labels: image.labels, predictions: tf.zeros([1, 2, 2, 1]) };
    const loss = numbers(
      hybridLoss(
        {
          image: logits,
          mask: { ...mask, predictions: tf.fill([1, 2, 2, 1], -Math.log(3)) },
          intermediate,
          reconstruction: { image: reconstruction.image, reconstruction: tf.zeros([1, 2, 2, 1]) },
        },
        { fromLogits: true, reconstructionFromLogits: true, bceWeight: 0.5, smooth: 2, levelWeighting: 'scale-free' },
      ),
    );
    expectAllClose(
      [loss.image!, loss.mask!, loss.intermediate!, loss.reconstruction!],
      // Dice with s = 2: 1 − 4/6 and 1 − 3/5. Scale-free: 1/2.5 and 9/8.5.
      [0.3465736 + 1 / 3, 0.4184941 + 0.4, 0.4 + 9 / 8.5, expected.reconstruction],
    );
  });

  it('differentiates the total, weighted, inside variableGrads, and keeps what is asked for', () => {
    const y = tf.variable(tf.scalar(1));
    const x = tf.variable(tf.fill([1, 2, 2, 1], 0.5));
    const before = tf.memory().numTensors;
    let terms: HybridLoss | undefined;
    const { value, grads } = tf.variableGrads(() => {
      terms = hybridLoss(
        { ...input, intermediate: { features: [y], targets: [tf.scalar(2)] }, mask: { ...input.mask, predictions: x } },
        { gamma: 3, lambda: 0.5, omega: [2] },
      );
      tf.keep(terms.mask!);
      return terms.total;
    }, [y, x]);
    // 0.5·2·2(y − 2); for the mask 3·(∓½ [(p − t)/(p(1 − p))/4] + Dice: (3/5 − 2t)/5).
    expectAllClose(grads[y.name]!.dataSync(), [-2]);
    const foreground = 3 * (-0.5 + (0.6 - 2) / 5);
    const background = 3 * (0.5 + 0.6 / 5);
    expectAllClose(grads[x.name]!.dataSync(), [foreground, foreground, background, background]);
    expect(valueOf(terms!.mask!)).toBeCloseTo(expected.image, 5);
    expect(tf.memory().numTensors).toBe(before + 4);
    tf.dispose([value, grads, terms!.mask!, y, x]);
  });

  it('computes a term of weight 0 for the log and keeps it out of the total and its gradient', () => {
    const y = tf.variable(tf.scalar(1));
    const x = tf.variable(tf.fill([1, 2, 2, 1], 0.5));
    const run = () =>
      hybridLoss(
        {
          image: { labels: input.image.labels, predictions: x },
          intermediate: { features: [y], targets: [tf.scalar(2)] },
        },
        { lambda: 0 },
      );
    expectAllClose([valueOf(run().intermediate!), valueOf(run().total)], [1, expected.image]);
    expect(Object.keys(tf.variableGrads(() => run().total, [y, x]).grads)).toEqual([x.name]);
    tf.dispose([y, x]);
  });

  it('hands over its terms and nothing else', () => {
    const before = tf.memory().numTensors;
    const loss = hybridLoss(input);
    expect(tf.memory().numTensors).toBe(before + 5);
    tf.dispose(loss);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses negative weights and a total of nothing', () => {
    expect(() => hybridLoss(input, { beta: -1 })).toThrow('beta is -1, expected a finite number of at least 0.');
    expect(() => hybridLoss({ image: input.image }, { alpha: 0 })).toThrow(
      'The loss has no term of a weight above 0 (alpha), expected at least one.',
    );
    expect(() => hybridLoss({ image: input.image }, { alpha: 0 })).toThrow(OptionError);
    expect(() => hybridLoss(input, { omega: [1] })).toThrow('omega has 1 weights, expected 2: one for each level');
  });

  it('refuses weights before there are tensors, for the terms that there are', () => {
    expect(() => checkHybridLossWeights({}, { alpha: 0 })).toThrow(OptionError);
    expect(() => checkHybridLossWeights({ mask: true, levels: 5 }, { alpha: 0, gamma: 0, lambda: 0 })).toThrow(
      'The loss has no term of a weight above 0 (alpha, gamma, lambda), expected at least one.',
    );
    expect(() => checkHybridLossWeights({ levels: 2 }, { alpha: 0, omega: [0, 0] })).toThrow('(alpha, lambda)');
    expect(() => checkHybridLossWeights({ levels: 2 }, { alpha: 0, omega: [0, 1] })).not.toThrow();
    expect(() => checkHybridLossWeights({ levels: 5 }, { omega: [1, 2] })).toThrow('omega has 2 weights, expected 5');
    expect(() => checkHybridLossWeights({}, { omega: [1, 2], lambda: undefined })).not.toThrow();
    expect(() => checkHybridLossWeights({ reconstruction: true }, { alpha: 0 })).not.toThrow();
    expect(() => checkHybridLossWeights({ reconstruction: true }, { beta: -1 })).toThrow('beta is -1');
  });
});
