import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../backend.ts';
import { findAddress, findSimd } from '../kernel.ts';
import { alignToLine } from '../simd/simd.ts';
import { type ConvolutionInfo, grainProducts } from './convolution.ts';

/** The bytes of tiles at all points that are taken at once, which fit into a core's second-level cache. */
const blockBytes = 400_000;

/** A convolution of `x: [batchSize, height, width, channels]`; pixels before its first row and column are 0. */
interface Convolution {
  readonly x: TensorInfo;
  /** `[3, 3, channels, outputs]`, or `[3, 3, outputs, channels]` when it is turned. */
  readonly filter: TensorInfo;
  /** Whether the filter is rotated by half a turn and its channels exchanged, as for the gradient of the input. */
  readonly isTurned?: boolean;
  /** The shape of the result. */
  readonly shape: [number, number, number, number];
  readonly padTop: number;
  readonly padLeft: number;
  /** `[outputs]`, which is added. */
  readonly bias?: TensorInfo;
  readonly relu?: boolean;
}

/**
 * Whether Winograd's method computes a convolution and its gradients, and in less time than the direct one: the number of
 * channels fits the kernels, and tiles of 4 x 4 do not overhang the outputs by too much.
 */
export function suitsWinograd(c: ConvolutionInfo): boolean {
  return (
    c.filterHeight === 3 &&
    c.filterWidth === 3 &&
    [c.strideHeight, c.strideWidth, c.dilationHeight, c.dilationWidth].every((n) => n === 1) &&
    [c.inChannels, c.outChannels].every((n) => n >= 8 && n % 4 === 0) &&
    areTilesFull(c.outHeight, c.outWidth) &&
    areTilesFull(c.inHeight, c.inWidth)
  );
}

/**
 * Whether at least half of the values of the tiles are needed, and a sample has enough tiles to transform a filter for.
 * The number of samples does not count, so that it changes no digit of a sample's results.
 */
function areTilesFull(height: number, width: number): boolean {
  const tiles = countTiles(height, width);
  return tiles >= 4 && 16 * tiles <= 2 * height * width;
}

function countTiles(height: number, width: number): number {
  return Math.ceil(height / 4) * Math.ceil(width / 4);
}

/** How many tiles to take at once where each has `values` numbers per point. */
function chooseBlock(values: number, tiles: number): number {
  const fitting = Math.floor(blockBytes / (36 * 4 * values));
  return 4 * Math.ceil(Math.min(Math.max(16, fitting), tiles) / 4);
}

/** Convolves by Winograd's F(4x4, 3x3), with as large an error as a sum in single precision. */
export function convolveByWinograd(backend: WasmBackend, call: Convolution): TensorInfo {
  const { x, filter, isTurned = false, shape, padTop, padLeft, bias, relu = false } = call;
  const [samples, height, width, channels] = x.shape as [number, number, number, number];
  const [, outHeight, outWidth, outputs] = shape;
  const padded = 8 * Math.ceil(outputs / 8);
  const points = backend.makeOutput([36 * (channels * padded + 16) + 16], 'float32');
  const distances = isTurned ? [4, 4 * channels] : [4 * outputs, 4];
  const simd = findSimd(backend);
  const address = (t: TensorInfo): number => findAddress(backend, t);
  const atPoints = alignToLine(address(points));
  simd.run('winogradFilter', [address(filter), atPoints, channels, outputs, ...distances, isTurned ? 1 : 0], {
    units: channels,
    grain: Math.ceil(grainProducts / (36 * 4 * outputs)),
    scratch: 512,
  });
  const y = backend.makeOutput(shape, 'float32');
  const units = samples * countTiles(outHeight, outWidth);
  const block = chooseBlock(channels + padded, units);
  simd.run(
    'winogradConvolution',
    [
      ...[address(x), atPoints, bias === undefined ? 0 : address(bias), address(y)],
      ...[height, width, channels, outHeight, outWidth, outputs, padTop, padLeft, relu ? 1 : 0, block],
    ],
    {
      units,
      grain: Math.ceil(grainProducts / (36 * channels * outputs)),
      scratch: 4 * 36 * (block * (channels + padded) + channels + 32) + 1536,
    },
  );
  backend.disposeData(points.dataId);
  return y;
}

/** The gradient of a convolution with respect to its filter, by Winograd's F(3x3, 4x4); outputs are a multiple of 8. */
export function filterGradientByWinograd(
  backend: WasmBackend,
  x: TensorInfo,
  dy: TensorInfo,
  c: ConvolutionInfo,
): TensorInfo {
  const dw = backend.makeOutput(c.filterShape, 'float32');
  const sums = backend.makeOutput([36 * (c.inChannels * c.outChannels + 16) + 16], 'float32');
  const tiles = c.batchSize * countTiles(c.outHeight, c.outWidth);
  const block = chooseBlock(c.inChannels + c.outChannels, tiles);
  const places = [x, dy, dw].map((t) => findAddress(backend, t));
  const atSums = alignToLine(findAddress(backend, sums));
  findSimd(backend).run(
    'winogradFilterGradient',
    [
      ...[...places, atSums, c.batchSize, c.inHeight, c.inWidth, c.inChannels, c.outHeight, c.outWidth, c.outChannels],
      ...[c.padInfo.top, c.padInfo.left, block],
    ],
    {
      units: c.inChannels / 4,
      grain: Math.max(1, grainProducts / (4 * 36 * tiles * c.outChannels)),
      scratch: 4 * 36 * (block * (c.inChannels + c.outChannels) + Math.max(c.inChannels, c.outChannels) + 32) + 1536,
    },
  );
  backend.disposeData(sums.dataId);
  return dw;
}
