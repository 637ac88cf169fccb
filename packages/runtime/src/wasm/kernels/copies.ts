import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../backend.ts';
import { findAddress, type KernelDefinition, findSimd } from '../kernel.ts';

/** The number of bytes that is worth a thread. */
const grainBytes = 1_000_000;

/** Copies `rows` rows of `bytes` bytes between places that lie `from` and `to` bytes apart. */
function copyRows(
  backend: WasmBackend,
  source: number,
  target: number,
  bytes: number,
  from: number,
  to: number,
  rows: number,
): void {
  const division = { units: rows, grain: Math.ceil(grainBytes / bytes) };
  findSimd(backend).run('copyRows', [source, target, bytes, from, to], division);
}

/** Whether a tensor's values have four bytes each, as these copies require. */
function isOfWords({ dtype }: TensorInfo): boolean {
  return dtype === 'float32' || dtype === 'int32';
}

/** Concatenates tensors along an axis; the backend's own kernel makes two views per row. */
export const concat: KernelDefinition = {
  name: 'Concat',
  create: (stock) => {
    const own = stock('Concat');
    return (call) => {
      const { backend, attrs } = call;
      const inputs = Object.values(call.inputs);
      const parts = inputs.filter((t) => util.sizeFromShape(t.shape) > 0);
      if (parts.length < 2 || !parts.every((t) => isOfWords(t) && t.dtype === parts[0]!.dtype)) return own(call);
      const axis = util.parseAxisParam(attrs['axis'] as number, parts[0]!.shape)[0]!;
      const shapes = inputs.map((t) => t.shape);
      backend_util.assertParamsConsistent(shapes, axis);
      const out = backend.makeOutput(backend_util.computeOutShape(shapes, axis), parts[0]!.dtype);
      const rows = util.sizeFromShape(out.shape.slice(0, axis));
      const whole = 4 * util.sizeFromShape(out.shape.slice(axis));
      let target = findAddress(backend, out);
      for (const part of parts) {
        const bytes = 4 * util.sizeFromShape(part.shape.slice(axis));
        copyRows(backend, findAddress(backend, part), target, bytes, bytes, whole, rows);
        target += bytes;
      }
      return out;
    };
  },
};

/**
 * Splits a tensor along an axis, the gradient of a concatenation; the backend's own kernel copies it whole per part.
 */
export const splitV: KernelDefinition = {
  name: 'SplitV',
  create: (stock) => {
    const own = stock('SplitV');
    return (call) => {
      const { backend, attrs } = call;
      const x = call.inputs['x']!;
      if (!isOfWords(x)) return own(call);
      const axis = util.parseAxisParam(attrs['axis'] as number, x.shape)[0]!;
      const sizes = backend_util.prepareSplitSize(
        x as Parameters<typeof backend_util.prepareSplitSize>[0],
        attrs['numOrSizeSplits'] as number | number[],
        axis,
      );
      const parts = sizes.map((size) => backend.makeOutput(x.shape.with(axis, size), x.dtype));
      const rows = util.sizeFromShape(x.shape.slice(0, axis));
      const whole = 4 * util.sizeFromShape(x.shape.slice(axis));
      let source = findAddress(backend, x);
      for (const part of parts) {
        const bytes = 4 * util.sizeFromShape(part.shape.slice(axis));
        if (bytes > 0) copyRows(backend, source, findAddress(backend, part), bytes, whole, bytes, rows);
        source += bytes;
      }
      return parts;
    };
  },
};

/** Slices out a block; the backend's own kernel first copies the whole tensor out of the heap. */
export const slice: KernelDefinition = {
  name: 'Slice',
  create: (stock) => {
    const own = stock('Slice');
    return (call) => {
      const { backend, attrs } = call;
      const x = call.inputs['x']!;
      const given = [attrs['begin'], attrs['size']] as [number[], number[]];
      const [begin, size] = slice_util.parseSliceParams(x, ...given) as [number[], number[]];
      // The first axis from which on everything is taken: from there on, rows are contiguous.
      let inner = x.shape.length;
      while (inner > 0 && size[inner - 1] === x.shape[inner - 1]) inner--;
      const axis = Math.max(0, inner - 1);
      if (!isOfWords(x) || x.shape.length === 0 || util.sizeFromShape(size) === 0 || axis > 4) return own(call);
      const out = backend.makeOutput(size, x.dtype);
      const strides = [...util.computeStrides(x.shape), 1];
      const bytes = 4 * util.sizeFromShape(size.slice(axis));
      const rowAxis = axis - 1;
      const rows = rowAxis >= 0 ? size[rowAxis]! : 1;
      const from = rowAxis >= 0 ? 4 * strides[rowAxis]! : bytes;
      const base = findAddress(backend, x) + 4 * begin.reduce((sum, b, k) => sum + b * strides[k]!, 0);
      let target = findAddress(backend, out);
      const visit = (depth: number, source: number): void => {
        if (depth >= rowAxis) {
          copyRows(backend, source, target, bytes, from, bytes, rows);
          target += bytes * rows;
          return;
        }
        for (let k = 0; k < size[depth]!; k++) visit(depth + 1, source + 4 * k * strides[depth]!);
      };
      visit(0, base);
      return out;
    };
  },
};
