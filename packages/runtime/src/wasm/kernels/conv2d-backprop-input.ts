import type { TensorInfo } from '@tensorflow/tfjs-core';
import { isTiling } from '../../tiling-convolution.ts';
import type { WasmBackend } from '../backend.ts';
import { findAddress, type Kernel, type KernelDefinition, findSimd, type StockKernels } from '../kernel.ts';
import { alignToLine } from '../simd/simd.ts';
import { type ConvolutionInfo, grainProducts, readConvolution } from './convolution.ts';
import { convolveByWinograd, suitsWinograd } from './winograd.ts';

/**
 * The gradient of a convolution with respect to its input, also the forward pass of the transposed convolution. The
 * backend's own kernel is a plain loop on one thread; this one is a convolution, by Winograd's method or as the backend
 * computes it with SIMD and threads: of dy with the rotated filter, with zeros between the values of dy for strides.
 * Where the windows do not overlap (stride = filter), each pixel of dy becomes a block of its own: a matrix product in
 * place, or a 1 x 1 convolution and a rearrangement.
 */
export const conv2dBackpropInput: KernelDefinition = {
  name: 'Conv2DBackpropInput',
  create: (stock) => {
    const overlapping = byTurnedFilter(stock);
    const separate = byBlocks(stock);
    return ({ inputs, attrs, backend }) => {
      const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>;
      const filterShape = filter.shape as [number, number, number, number];
      const c = readConvolution('Conv2DBackpropInput', attrs['inputShape'] as typeof filterShape, filterShape, attrs);
      if (suitsWinograd(c)) {
        const [padTop, padLeft] = [2 - c.padInfo.top, 2 - c.padInfo.left];
        const shape = attrs['inputShape'] as typeof filterShape;
        return convolveByWinograd(backend, { x: dy, filter, isTurned: true, shape, padTop, padLeft });
      }
      if (!isTiling(c)) return overlapping(dy, filter, c, backend);
      return suitsSpreading(c) ? spreadBlocks(dy, filter, c, backend) : separate(dy, filter, c, backend);
    };
  },
};

type Gradient = (dy: TensorInfo, filter: TensorInfo, c: ConvolutionInfo, backend: WasmBackend) => TensorInfo;

function byTurnedFilter(stock: StockKernels): Gradient {
  const convolve = stock('Conv2D');
  const transpose = stock('Transpose');
  return (dy, filter, c, backend) => {
    const turned = turn(filter, c, transpose, backend);
    const spread = spreadOut(dy, c, backend);
    const top = c.filterHeight - 1 - c.padInfo.top;
    const left = c.filterWidth - 1 - c.padInfo.left;
    // Padding for a result of the input's size, including rows that no window reached.
    const bottom = c.inHeight - spread.shape[1]! - top + c.filterHeight - 1;
    const right = c.inWidth - spread.shape[2]! - left + c.filterWidth - 1;
    const margins = [top, bottom, left, right];
    const [cutOut, pad] = margins.some((m) => m < 0) ? crop(spread, margins, stock, backend) : [spread, margins];
    const dx = convolve({
      inputs: { x: cutOut, filter: turned },
      attrs: {
        strides: [1, 1],
        dilations: [1, 1],
        pad: [
          [0, 0],
          [pad[0]!, pad[1]!],
          [pad[2]!, pad[3]!],
          [0, 0],
        ],
        dataFormat: 'NHWC',
      },
      backend,
    });
    for (const t of new Set([turned, cutOut, spread])) if (t !== dy) backend.disposeData(t.dataId);
    return dx;
  };
}

/** The filter with its rows and columns reversed and its channels exchanged. */
function turn(filter: TensorInfo, c: ConvolutionInfo, transpose: Kernel, backend: WasmBackend): TensorInfo {
  const exchanged = transpose({ inputs: { x: filter }, attrs: { perm: [0, 1, 3, 2] }, backend });
  const taps = c.filterHeight * c.filterWidth;
  if (taps === 1) return exchanged;
  const turned = backend.makeOutput(exchanged.shape, 'float32');
  const from = backend.typedArrayFromHeap(exchanged);
  const to = backend.typedArrayFromHeap(turned);
  const size = from.length / taps;
  for (let k = 0; k < taps; k++) to.set(from.subarray(k * size, (k + 1) * size), (taps - 1 - k) * size);
  backend.disposeData(exchanged.dataId);
  return turned;
}

/** dy with stride - 1 zeros between its rows and between its columns. */
function spreadOut(dy: TensorInfo, c: ConvolutionInfo, backend: WasmBackend): TensorInfo {
  if (c.strideHeight === 1 && c.strideWidth === 1) return dy;
  const height = (c.outHeight - 1) * c.strideHeight + 1;
  const width = (c.outWidth - 1) * c.strideWidth + 1;
  const spread = backend.makeOutput([c.batchSize, height, width, c.outChannels], 'float32');
  backend.typedArrayFromHeap(spread).fill(0);
  const from = findAddress(backend, dy);
  const to = findAddress(backend, spread);
  const pixel = 4 * c.outChannels;
  for (let n = 0; n < c.batchSize; n++) {
    for (let y = 0; y < c.outHeight; y++) {
      const source = from + (n * c.outHeight + y) * c.outWidth * pixel;
      const target = to + (n * height + y * c.strideHeight) * width * pixel;
      findSimd(backend).run('copyRows', [source, target, pixel, pixel, pixel * c.strideWidth], { units: c.outWidth });
    }
  }
  return spread;
}

/** Crops by negative margins, as convolutions take no negative padding. */
function crop(x: TensorInfo, margins: number[], stock: StockKernels, backend: WasmBackend): [TensorInfo, number[]] {
  const [top, bottom, left, right] = margins.map((m) => Math.max(0, -m)) as [number, number, number, number];
  const [samples, height, width, channels] = x.shape as [number, number, number, number];
  const size = [samples, height - top - bottom, width - left - right, channels];
  const cut = stock('Slice')({ inputs: { x }, attrs: { begin: [0, top, left, 0], size }, backend });
  return [cut, margins.map((m) => Math.max(0, m))];
}

function byBlocks(stock: StockKernels): Gradient {
  const convolve = stock('Conv2D');
  const transpose = stock('Transpose');
  return (dy, filter, c, backend) => {
    const block = c.filterHeight * c.filterWidth * c.inChannels;
    const columns = { dataId: filter.dataId, dtype: filter.dtype, shape: [block, c.outChannels] };
    const rows = transpose({ inputs: { x: columns }, attrs: { perm: [1, 0] }, backend });
    const blocks = convolve({
      inputs: { x: dy, filter: { ...rows, shape: [1, 1, c.outChannels, block] } },
      attrs: { strides: [1, 1], dilations: [1, 1], pad: 'valid', dataFormat: 'NHWC' },
      backend,
    });
    const dx = backend.makeOutput([c.batchSize, c.inHeight, c.inWidth, c.inChannels], 'float32');
    const from = findAddress(backend, blocks);
    const to = findAddress(backend, dx);
    const strip = 4 * c.filterWidth * c.inChannels;
    // Row ky of all blocks in a row of dy is one row of dx.
    for (let r = 0; r < c.batchSize * c.outHeight; r++) {
      for (let ky = 0; ky < c.filterHeight; ky++) {
        const source = from + 4 * r * c.outWidth * block + ky * strip;
        const target = to + (r * c.filterHeight + ky) * c.outWidth * strip;
        findSimd(backend).run('copyRows', [source, target, strip, 4 * block, strip], { units: c.outWidth });
      }
    }
    backend.disposeData(rows.dataId);
    backend.disposeData(blocks.dataId);
    return dx;
  };
}

/** Whether the numbers of pixels and channels fit the kernel for blocks. */
function suitsSpreading(c: ConvolutionInfo): boolean {
  return c.outWidth >= 4 && c.outChannels % 4 === 0 && (c.filterWidth * c.inChannels) % 8 === 0;
}

function spreadBlocks(dy: TensorInfo, filter: TensorInfo, c: ConvolutionInfo, backend: WasmBackend): TensorInfo {
  const strip = c.filterWidth * c.inChannels;
  const panels = backend.makeOutput([c.filterHeight * strip * c.outChannels + 16], 'float32');
  const dx = backend.makeOutput([c.batchSize, c.inHeight, c.inWidth, c.inChannels], 'float32');
  const [from, by, to] = [dy, filter, dx].map((t) => findAddress(backend, t)) as [number, number, number];
  const packed = alignToLine(findAddress(backend, panels));
  const simd = findSimd(backend);
  simd.run('packRows', [by, packed, c.outChannels], { units: (c.filterHeight * strip) / 8 });
  const grain = Math.ceil(grainProducts / (c.outWidth * c.outChannels * c.filterHeight * strip));
  const units = c.batchSize * c.outHeight;
  simd.run('spreadBlocks', [from, packed, to, c.outWidth, c.outChannels, c.filterHeight, 4 * strip], { units, grain });
  backend.disposeData(panels.dataId);
  return dx;
}
