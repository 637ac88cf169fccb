/** The losses written out again, element by element in double precision, as the equations have them. */

const clamp = (p: number) => Math.min(Math.max(p, 1e-7), 1 - 1e-7);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

export function referenceBce(labels: number[], probabilities: number[]): number {
  return mean(
    labels.map((t, i) => -t * Math.log(clamp(probabilities[i]!)) - (1 - t) * Math.log(1 - clamp(probabilities[i]!))),
  );
}

/** Dice of `[samples, voxels, channels]`, flattened in row-major order. */
export function referenceDice(
  labels: number[],
  probabilities: number[],
  shape: [number, number, number],
  smooth: number,
) {
  const [samples, voxels, channels] = shape;
  const losses: number[] = [];
  for (let n = 0; n < samples; n++) {
    for (let c = 0; c < channels; c++) {
      let overlap = 0;
      let total = 0;
      for (let v = 0; v < voxels; v++) {
        const i = (n * voxels + v) * channels + c;
        overlap += labels[i]! * probabilities[i]!;
        total += labels[i]! + probabilities[i]!;
      }
      losses.push(1 - (2 * overlap + smooth) / (total + smooth));
    }
  }
  return mean(losses);
}

export function referenceMse(features: number[], targets: number[]): number {
  return mean(features.map((y, i) => (y - targets[i]!) ** 2));
}

export function referenceScaleFree(features: number[], targets: number[]): number {
  const power = 0.5 * mean(features.map((y) => y * y)) + 0.5 * mean(targets.map((y) => y * y)) + 1e-6;
  return referenceMse(features, targets) / power;
}

/** Central differences of a function of many numbers. */
export function finiteDifferences(f: (x: number[]) => number, x: number[], step = 1e-5): number[] {
  return x.map((_, i) => {
    const shifted = (by: number) => f(x.map((value, j) => (j === i ? value + by : value)));
    return (shifted(step) - shifted(-step)) / (2 * step);
  });
}
