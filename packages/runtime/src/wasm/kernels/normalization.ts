import type { TensorInfo } from '@tensorflow/tfjs-core';
import { readNormalizationSizes } from '../../fused-normalization.ts';
import { findAddress, type KernelDefinition, findSimd } from '../kernel.ts';

/** The number of values that is worth a thread. */
const grainValues = 50_000;

/**
 * `FusedNormalization`, which TensorFlow.js does not have: `scale * (x - mean) / sqrt(variance + epsilon) + shift` in
 * three passes over `x`. Inputs `x: [sets, positions, channels]`, `scale: [channels]`, `shift: [channels]`; attributes
 * `epsilon` and `groupSize` (neighbouring channels that share statistics). Outputs `y`, and the means and the inverse
 * deviations, `[sets, channels]`, which the gradient needs.
 */
export const fusedNormalization: KernelDefinition = {
  name: 'FusedNormalization',
  create:
    () =>
    ({ inputs, attrs, backend }) => {
      const { x, scale, shift } = inputs as Record<'x' | 'scale' | 'shift', TensorInfo>;
      const { sets, rows, channels, groupSize } = readNormalizationSizes('wasm', x, attrs['groupSize']);
      const y = backend.makeOutput(x.shape, 'float32');
      const mean = backend.makeOutput([sets, channels], 'float32');
      const inverse = backend.makeOutput([sets, channels], 'float32');
      const places = [x, scale, shift, y, mean, inverse].map((t) => findAddress(backend, t));
      const division = { units: sets, grain: Math.ceil(grainValues / (rows * channels)), scratch: 8 * channels + 64 };
      findSimd(backend).run('normalize', [...places, rows, channels, groupSize, attrs['epsilon'] as number], division);
      return [y, mean, inverse];
    },
};

/**
 * `FusedNormalizationGrad`: inputs `x`, `dy`, `scale`, and the `mean` and `inverse` from `FusedNormalization`;
 * attribute `groupSize`. Outputs the gradients of `x`, and of `scale` and `shift` per set, `[sets, channels]`, still to
 * be summed over the sets.
 */
export const fusedNormalizationGrad: KernelDefinition = {
  name: 'FusedNormalizationGrad',
  create:
    () =>
    ({ inputs, attrs, backend }) => {
      const { x, dy, scale, mean, inverse } = inputs as Record<'x' | 'dy' | 'scale' | 'mean' | 'inverse', TensorInfo>;
      const { sets, rows, channels, groupSize } = readNormalizationSizes('wasm', x, attrs['groupSize']);
      const dx = backend.makeOutput(x.shape, 'float32');
      const dScale = backend.makeOutput([sets, channels], 'float32');
      const dShift = backend.makeOutput([sets, channels], 'float32');
      const places = [x, dy, scale, mean, inverse, dx, dScale, dShift].map((t) => findAddress(backend, t));
      const division = { units: sets, grain: Math.ceil(grainValues / (rows * channels)), scratch: 32 * channels + 64 };
      findSimd(backend).run('normalizeGradient', [...places, rows, channels, groupSize], division);
      return [dx, dScale, dShift];
    },
};
