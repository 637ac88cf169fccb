import { tensor4d, type Tensor } from '@tensorflow/tfjs-core';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Mean binary cross-entropy of logits, entry by entry in double precision. */
function crossEntropyByHand(labels: ArrayLike<number>, logits: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = sigmoid(logits[i]!);
    sum -= labels[i]! * Math.log(p) + (1 - labels[i]!) * Math.log(1 - p);
  }
  return sum / labels.length;
}

/** Equations 1 and 2: BCE plus Dice with smoothing 1, over the positions of each sample and class of `[N, H, W, K]`. */
export function bceDiceByHand(labels: Tensor, logits: Tensor): number {
  const [t, z] = [labels.dataSync(), logits.dataSync()];
  return crossEntropyByHand(t, z) + diceByHand(labels, Array.from(z, sigmoid));
}

/**
 * Equations 1 and 2 with a softmax: −Σ_c t_c·log p_c of background and classes, the mean over positions, plus the Dice of
 * the classes. Logits are `[N, H, W, K + 1]`.
 */
export function crossEntropyDiceByHand(labels: Tensor, logits: Tensor): number {
  const classes = labels.shape[3]!;
  const [t, z] = [labels.dataSync(), logits.dataSync()];
  const positions = t.length / classes;
  const probabilities: number[] = [];
  let entropy = 0;
  for (let position = 0; position < positions; position++) {
    const powers = Array.from(z.slice(position * (classes + 1), (position + 1) * (classes + 1)), Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    let background = 1;
    for (let k = 0; k < classes; k++) {
      const [target, p] = [t[position * classes + k]!, powers[k + 1]! / sum];
      probabilities.push(p);
      background -= target;
      entropy -= target * Math.log(p);
    }
    entropy -= background * Math.log(powers[0]! / sum);
  }
  return entropy / positions + diceByHand(labels, probabilities);
}

function diceByHand(labels: Tensor, probabilities: readonly number[]): number {
  const [samples, height, width, classes] = labels.shape as [number, number, number, number];
  const t = labels.dataSync();
  let dice = 0;
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < classes; k++) {
      let [intersection, sizes] = [0, 0];
      for (let position = 0; position < height * width; position++) {
        const index = (n * height * width + position) * classes + k;
        const p = probabilities[index]!;
        intersection += p * t[index]!;
        sizes += p + t[index]!;
      }
      dice += 1 - (2 * intersection + 1) / (sizes + 1);
    }
  }
  return dice / (samples * classes);
}

/**
 * The mean of equation 1 over lower resolutions: the logits of one f times as coarse against the mean of the mask over its
 * f×f voxels, with the weight 1/f; and the part 1 / (1 + Σ 1/f) that is left for the full resolution.
 */
export function deepSupervisionByHand(
  labels: Tensor,
  levels: readonly Tensor[],
  lossByHand: (labels: Tensor, logits: Tensor) => number,
): { value: number; full: number } {
  const [, height] = labels.shape as [number, number];
  const factors = levels.map(({ shape }) => height / shape[1]!);
  const losses = levels.map((logits, level) => lossByHand(coarserByHand(labels, factors[level]!), logits));
  const sum = factors.reduce((total, factor) => total + 1 / factor, 0);
  const value = losses.reduce((total, loss, level) => total + loss / factors[level]! / sum, 0);
  return { value, full: 1 / (1 + sum) };
}

function coarserByHand(labels: Tensor, factor: number): Tensor {
  const [samples, height, width, classes] = labels.shape as [number, number, number, number];
  const [rows, columns] = [height / factor, width / factor];
  const means = new Float64Array(samples * rows * columns * classes);
  const values = labels.dataSync();
  for (let n = 0; n < samples; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let k = 0; k < classes; k++) {
          const coarse = (n * rows + Math.floor(y / factor)) * columns + Math.floor(x / factor);
          means[coarse * classes + k]! += values[((n * height + y) * width + x) * classes + k]! / factor ** 2;
        }
      }
    }
  }
  return tensor4d(Array.from(means), [samples, rows, columns, classes]);
}

/** Equation 3, weighed with ω: Σ_j ω_j · mean((y_j − y'_j)²). */
export function intermediateByHand(features: Tensor[], targets: Tensor[], omega: number[]): number {
  return features.reduce((sum, feature, level) => {
    const [a, b] = [feature.dataSync(), targets[level]!.dataSync()];
    const squares = Array.from(a, (value, i) => (value - b[i]!) ** 2);
    return sum + (omega[level]! * squares.reduce((x, y) => x + y, 0)) / squares.length;
  }, 0);
}

/** Equation 5: BCE of the image, each channel of each sample scaled to [0, 1] by its own extremes. */
export function reconstructionByHand(image: Tensor, logits: Tensor): number {
  const [samples, height, width, channels] = image.shape as [number, number, number, number];
  const values = Float64Array.from(image.dataSync());
  for (let n = 0; n < samples; n++) {
    for (let c = 0; c < channels; c++) {
      const indices = Array.from({ length: height * width }, (_, p) => (n * height * width + p) * channels + c);
      const low = Math.min(...indices.map((i) => values[i]!));
      const high = Math.max(...indices.map((i) => values[i]!));
      for (const i of indices) values[i] = (values[i]! - low) / (high - low);
    }
  }
  return crossEntropyByHand(values, logits.dataSync());
}
