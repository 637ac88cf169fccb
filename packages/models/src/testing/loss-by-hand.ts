import type { Tensor } from '@tensorflow/tfjs-core';

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
  const [samples, height, width, classes] = labels.shape as [number, number, number, number];
  const [t, z] = [labels.dataSync(), logits.dataSync()];
  let dice = 0;
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < classes; k++) {
      let [intersection, sizes] = [0, 0];
      for (let position = 0; position < height * width; position++) {
        const index = (n * height * width + position) * classes + k;
        const p = sigmoid(z[index]!);
        intersection += p * t[index]!;
        sizes += p + t[index]!;
      }
      dice += 1 - (2 * intersection + 1) / (sizes + 1);
    }
  }
  return crossEntropyByHand(t, z) + dice / (samples * classes);
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
