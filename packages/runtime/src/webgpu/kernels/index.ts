import { conv2d, conv2dBackpropInput, fusedConv2d } from './conv2d.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import type { KernelDefinition } from './kernel.ts';
import { fusedNormalization, fusedNormalizationGrad } from './normalization.ts';
import { mean, sum } from './reductions.ts';
import { sumOfSquares } from './sum-of-squares.ts';

/** InterSeg's kernels for the webgpu backend, where it lacks them or has them slow. */
export const trainingKernels: readonly KernelDefinition[] = [
  ...[conv2d, fusedConv2d, conv2dBackpropInput, conv2dBackpropFilter],
  ...[sum, mean, sumOfSquares],
  ...[fusedNormalization, fusedNormalizationGrad],
];
