import type { KernelDefinition } from '../kernel.ts';
import { add, multiply, realDiv, sub } from './binary.ts';
import { conv2d, fusedConv2d } from './conv2d.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { concat, slice, splitV } from './copies.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { fusedNormalization, fusedNormalizationGrad } from './normalization.ts';
import { mean, sum } from './reductions.ts';
import { cast, identity } from './sharing.ts';
import { resizeBilinearGrad, resizeNearestNeighborGrad } from './resize-grad.ts';
import { adamUpdate, approach, sumOfSquares } from './updates.ts';

/** InterSeg's kernels for the wasm backend, where it lacks them or has them wrong or slow. */
export const trainingKernels: readonly KernelDefinition[] = [
  ...[conv2dBackpropFilter, fusedNormalization, fusedNormalizationGrad],
  ...[maxPoolGrad, resizeNearestNeighborGrad, resizeBilinearGrad],
  ...[adamUpdate, approach, sumOfSquares],
  ...[
    conv2d,
    fusedConv2d,
    conv2dBackpropInput,
    sum,
    mean,
    add,
    sub,
    multiply,
    realDiv,
    concat,
    splitV,
    slice,
    identity,
    cast,
  ],
];
