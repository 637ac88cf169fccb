import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { KernelDefinition } from './kernel.ts';
import { type Extents, sumMiddle } from './sum-middle.ts';

/** Sums over axes that follow each other, but are not the last, for which the backend would transpose the tensor first. */
export const sum: KernelDefinition = reduction('Sum', () => 1);

/** Means over such axes. */
export const mean: KernelDefinition = reduction('Mean', ({ middle }) => 1 / middle);

function reduction(name: string, scaleOf: (extents: Extents) => number): KernelDefinition {
  return {
    name,
    create: (stock) => (call) => {
      const { x } = call.inputs as { x: TensorInfo };
      const { axis, keepDims } = call.attrs as unknown as { axis?: number | number[]; keepDims?: boolean };
      const axes = util.parseAxisParam(axis!, x.shape);
      const extents = findExtents(x, axes);
      const most = call.backend.device.limits.maxComputeWorkgroupsPerDimension;
      if (extents === undefined || extents.outer > most) return stock(name)(call);
      const [shape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const total = sumMiddle(call.backend, x, extents, scaleOf(extents));
      return { ...total, shape: keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape };
    },
  };
}

/** The extents around the axes, if these are neighbours and others follow them. */
function findExtents({ dtype, shape }: TensorInfo, axes: readonly number[]): Extents | undefined {
  const sorted = [...axes].sort((a, b) => a - b);
  const [first, end] = [sorted[0]!, sorted.at(-1)! + 1];
  const areNeighbors = end - first === sorted.length;
  const [outer, middle, inner] = [shape.slice(0, first), shape.slice(first, end), shape.slice(end)].map(
    util.sizeFromShape,
  ) as [number, number, number];
  if (dtype !== 'float32' || !areNeighbors || inner === 1 || outer * middle * inner === 0) return undefined;
  return { outer, middle, inner };
}
