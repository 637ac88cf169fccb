import type { TensorInfo } from '@tensorflow/tfjs-core';
import { readNormalizationSizes } from '../../fused-normalization.ts';
import type { KernelDefinition } from './kernel.ts';
import { combine, type PartCode, runOnAll, runOnParts } from './normalization-programs.ts';

/**
 * `FusedNormalization`, which TensorFlow.js does not have: `scale * (x - mean) / sqrt(variance + epsilon) + shift`. Inputs
 * `x: [sets, positions, channels]`, `scale: [channels]`, `shift: [channels]`; attributes `epsilon` and `groupSize`
 * (neighbouring channels that share statistics). Outputs `y`, and the means and the inverse deviations,
 * `[sets, channels]`, which the gradient needs.
 *
 * Means and squared deviations of parts are merged by the formula of Chan, Golub & LeVeque (1983), which loses no digits
 * where the mean is large beside the deviation.
 */
export const fusedNormalization: KernelDefinition = {
  name: 'FusedNormalization',
  create:
    () =>
    ({ inputs, attrs, backend }) => {
      const { x, scale, shift } = inputs as Record<'x' | 'scale' | 'shift', TensorInfo>;
      const sizes = readNormalizationSizes('webgpu', x, attrs['groupSize']);
      const parts = runOnParts(backend, sizes, 'Moments', { x }, momentsOfParts);
      const epsilon = attrs['epsilon'] as number;
      const mean = combine(backend, sizes, 'Mean', parts, mergeMoments('merged[1]'), epsilon);
      const deviation = 'inverseSqrt(merged[2] / merged[0] + uniforms.epsilon)';
      const inverse = combine(backend, sizes, 'Deviation', parts, mergeMoments(deviation), epsilon);
      backend.disposeData(parts.sums.dataId);
      const y = runOnAll(backend, sizes, 'Normalize', { x, mean, inverse, scale, shift }, [
        `(f32(x[index]) - mean[at]) * inverse[at] * scale[channel] + shift[channel]`,
      ]);
      return [y, mean, inverse];
    },
};

/**
 * `FusedNormalizationGrad`: inputs `x`, `dy`, `scale`, and the `mean` and `inverse` from `FusedNormalization`; attribute
 * `groupSize`. Outputs the gradients of `x`, and of `scale` and `shift` per set, `[sets, channels]`, still to be summed
 * over the sets.
 */
export const fusedNormalizationGrad: KernelDefinition = {
  name: 'FusedNormalizationGrad',
  create:
    () =>
    ({ inputs, attrs, backend }) => {
      const { x, dy, scale, mean, inverse } = inputs as Record<'x' | 'dy' | 'scale' | 'mean' | 'inverse', TensorInfo>;
      const sizes = readNormalizationSizes('webgpu', x, attrs['groupSize']);
      const parts = runOnParts(backend, sizes, 'Sums', { x, dy, mean, inverse }, sumsOfParts);
      const dShift = combine(backend, sizes, 'Shift', parts, addParts(0));
      const dScale = combine(backend, sizes, 'Scale', parts, addParts(1));
      backend.disposeData(parts.sums.dataId);
      const dx = runOnAll(backend, sizes, 'Gradient', { x, dy, mean, inverse, scale, dShift, dScale }, [
        `inverse[at] * (scale[channel] * f32(dy[index])
          - (ofGroup[0] + (f32(x[index]) - mean[at]) * inverse[at] * ofGroup[1]) / f32(uniforms.sizes[1] * uniforms.sizes[3]))`,
        `var ofGroup = vec2<f32>(0.0);
        let firstChannel = channel - channel % uniforms.sizes[3];
        for (var c = firstChannel; c < firstChannel + uniforms.sizes[3]; c = c + 1) {
          let other = sample * uniforms.sizes[2] + c;
          ofGroup = ofGroup + scale[c] * vec2<f32>(dShift[other], dScale[other]);
        }`,
      ]);
      return [dx, dScale, dShift];
    },
};

/** Of each part: the mean, and the sum of squared deviations from it. */
const momentsOfParts: PartCode = {
  each: `
      for (var k = first; k < end; k = k + step) {
        own[0] = own[0] + 1.0;
        own[1] = own[1] + f32(x[(sample * uniforms.sizes[1] + k) * uniforms.sizes[2] + channel]);
      }
      own[1] = select(0.0, own[1] / own[0], own[0] > 0.0);
      for (var k = first; k < end; k = k + step) {
        let apart = f32(x[(sample * uniforms.sizes[1] + k) * uniforms.sizes[2] + channel]) - own[1];
        own[2] = own[2] + apart * apart;
      }`,
  merge: 'mergeTwo',
};

/** Of each part: the sums from which the gradients of shift and scale are summed. */
const sumsOfParts: PartCode = {
  each: `
      let at = sample * uniforms.sizes[2] + channel;
      for (var k = first; k < end; k = k + step) {
        let index = (sample * uniforms.sizes[1] + k) * uniforms.sizes[2] + channel;
        own[1] = own[1] + f32(dy[index]);
        own[2] = own[2] + f32(dy[index]) * (f32(x[index]) - mean[at]) * inverse[at];
      }`,
  merge: 'addTwo',
};

/** Merges the parts of all channels of a channel's group. */
const mergeMoments = (result: string): string => `
        var merged = vec3<f32>(0.0);
        let firstChannel = channel - channel % uniforms.sizes[3];
        for (var c = firstChannel; c < firstChannel + uniforms.sizes[3]; c = c + 1) {
          for (var part = 0; part < uniforms.parts[0]; part = part + 1) {
            let count = min(uniforms.parts[1], uniforms.sizes[1] - part * uniforms.parts[1]);
            let place = (sample * uniforms.parts[0] + part) * 2 * uniforms.sizes[2] + c;
            merged = mergeTwo(merged, vec3<f32>(f32(count), parts[place], parts[place + uniforms.sizes[2]]));
          }
        }
        result[index] = ${result};`;

/** Adds the first or the second number of all parts. */
const addParts = (which: 0 | 1): string => `
        var sum = 0.0;
        for (var part = 0; part < uniforms.parts[0]; part = part + 1) {
          sum = sum + parts[((sample * uniforms.parts[0] + part) * 2 + ${which}) * uniforms.sizes[2] + channel];
        }
        result[index] = sum;`;
