/** How what a network gives becomes probabilities. */
export interface OutputForm {
  classes: number;
  /** Channels of what the network gives: those of the classes, or, with a softmax, with the background before them. */
  channels: number;
  outputActivation?: 'sigmoid' | 'softmax';
  /** Whether the sigmoid or softmax is still to be taken. */
  logits?: boolean;
}

/**
 * The probabilities of the classes.
 *
 * @param values `[pixels, channels]`, row-major
 * @returns `[pixels, classes]`, row-major
 */
export function classProbabilities(
  values: Float32Array,
  { classes, channels, outputActivation, logits = false }: OutputForm,
): Float32Array {
  if (!logits && channels === classes) return values;
  if (outputActivation !== 'softmax') return values.map((value) => 1 / (1 + Math.exp(-value)));
  const result = new Float32Array((values.length / channels) * classes);
  const weights = new Float64Array(channels);
  for (let pixel = 0; pixel * channels < values.length; pixel++) {
    const one = values.subarray(pixel * channels, (pixel + 1) * channels);
    let sum = 1;
    if (logits) {
      const largest = one.reduce((most, value) => Math.max(most, value), -Infinity);
      sum = 0;
      for (let k = 0; k < channels; k++) sum += weights[k] = Math.exp(one[k]! - largest);
    } else {
      weights.set(one);
    }
    for (let k = 0; k < classes; k++) result[pixel * classes + k] = weights[channels - classes + k]! / sum;
  }
  return result;
}
