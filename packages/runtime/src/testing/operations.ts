import * as tf from '@tensorflow/tfjs-core';
import type { Operation } from './gradients.ts';

type T4 = tf.Tensor4D;

const convolutions: Operation[] = (
  [
    // samples, height, width, C, O, filter, stride, padding
    [2, 12, 12, 3, 5, 3, 1, 'same'],
    [3, 11, 9, 4, 8, 3, 1, 'same'],
    [2, 10, 10, 3, 4, 3, 1, 'valid'],
    [2, 8, 8, 6, 4, 1, 1, 'same'],
    [2, 9, 7, 1, 8, 3, 1, 'same'],
    [2, 9, 7, 8, 1, 1, 1, 'same'],
    [2, 12, 12, 3, 4, 5, 1, 'same'],
    [3, 9, 8, 2, 3, 2, 1, 'same'],
    [2, 12, 12, 3, 5, 3, 2, 'same'],
    [2, 13, 13, 3, 12, 3, 2, 'same'],
    [2, 13, 11, 3, 5, 3, 2, 'valid'],
    [2, 12, 12, 3, 5, 2, 2, 'valid'],
    [2, 13, 13, 4, 5, 2, 2, 'valid'],
    [2, 9, 9, 2, 3, 1, 2, 'same'],
    [2, 9, 9, 2, 3, 3, 3, 'valid'],
    [1, 6, 6, 17, 19, 3, 1, 'same'],
    [2, 24, 25, 9, 36, 3, 1, 'same'],
    [2, 20, 19, 12, 20, 3, 1, 'same'],
    // by Winograd's method on wasm: whole tiles, overhanging ones, outputs of no whole panel, padding of each kind
    [2, 16, 16, 16, 16, 3, 1, 'same'],
    [3, 15, 10, 8, 12, 3, 1, 'same'],
    [2, 18, 13, 12, 8, 3, 1, 'valid'],
    [2, 8, 8, 64, 32, 3, 1, 'same'],
    [3, 9, 12, 8, 16, 3, 1, 0],
    [2, 9, 12, 8, 16, 3, 1, 2],
    [2, 8, 8, 2, 3, 3, 1, 0],
    [2, 8, 8, 2, 3, 3, 1, 2],
    // A border, although the output times the stride is as large as the input.
    [2, 8, 8, 4, 8, 4, 4, 1],
  ] as [number, number, number, number, number, number, number, 'same' | 'valid' | number][]
).map(([n, h, w, c, o, k, s, pad]) => ({
  name: `conv2d ${n}x${h}x${w}x${c} to ${o}, ${k}x${k}, stride ${s}, ${pad}`,
  shapes: [
    [n, h, w, c],
    [k, k, c, o],
  ],
  run: (x, f) => tf.conv2d(x as T4, f as T4, s, pad, 'NHWC', 1, typeof pad === 'number' ? 'floor' : undefined),
}));

for (const activation of ['linear', 'relu'] as const) {
  convolutions.push({
    name: `conv2d fused, ${activation}`,
    shapes: [[2, 12, 15, 8], [3, 3, 8, 16], [16]],
    run: (x, filter, bias) =>
      tf.fused.conv2d({ x: x as T4, filter: filter as T4, bias: bias!, strides: 1, pad: 'same', activation }),
  });
}

const transposedConvolutions: Operation[] = (
  [
    [2, 5, 6, 3, 4, 2, 2, 'same'],
    [3, 4, 4, 8, 4, 2, 2, 'valid'],
    [3, 4, 7, 8, 4, 2, 2, 'same'],
    [2, 5, 5, 3, 4, 3, 1, 'same'],
    [2, 11, 12, 8, 16, 3, 1, 'same'],
    [2, 5, 4, 3, 4, 3, 2, 'same'],
    [2, 4, 4, 2, 3, 4, 2, 'same'],
    [2, 4, 4, 2, 3, 1, 1, 'same'],
    [1, 3, 3, 2, 3, 3, 3, 'same'],
  ] as [number, number, number, number, number, number, number, 'same' | 'valid'][]
).map(([n, h, w, c, o, k, s, pad]) => ({
  name: `conv2dTranspose ${n}x${h}x${w}x${c} to ${o}, ${k}x${k}, stride ${s}, ${pad}`,
  shapes: [
    [n, h, w, c],
    [k, k, o, c],
  ],
  run: (x, f) => tf.conv2dTranspose(x as T4, f as T4, [n, h * s, w * s, o], s, pad),
}));

const pooling: Operation[] = (
  [
    [2, 8, 8, 4, 2, 2, 'valid'],
    [3, 6, 10, 3, 2, 2, 'valid'],
    [2, 7, 7, 4, 2, 2, 'same'],
    [2, 9, 9, 2, 3, 2, 'same'],
    [2, 8, 8, 3, 3, 1, 'valid'],
  ] as [number, number, number, number, number, number, 'same' | 'valid'][]
).flatMap(([n, h, w, c, k, s, pad]) => {
  const shapes = [[n, h, w, c]];
  const name = `${n}x${h}x${w}x${c}, ${k}x${k}, stride ${s}, ${pad}`;
  return [
    { name: `maxPool ${name}`, shapes, run: (x) => tf.maxPool(x as T4, k, s, pad) },
    {
      name: `maxPool of negative values ${name}`,
      shapes,
      run: (x) => tf.maxPool(x as T4, k, s, pad),
      domain: (v) => v - 2,
    },
    { name: `avgPool ${name}`, shapes, run: (x) => tf.avgPool(x as T4, k, s, pad) },
  ] satisfies Operation[];
});

const resizing: Operation[] = (
  [
    [8, 10, false, false],
    [8, 10, true, false],
    [8, 10, false, true],
    [7, 9, false, false],
    [3, 4, false, true],
  ] as [number, number, boolean, boolean][]
).flatMap(([h, w, align, half]) => {
  const shapes = [[3, 4, 5, 3]];
  const name = `to ${h}x${w}${align ? ', corners aligned' : ''}${half ? ', half-pixel centres' : ''}`;
  return [
    { name: `resizeBilinear ${name}`, shapes, run: (x) => tf.image.resizeBilinear(x as T4, [h, w], align, half) },
    {
      name: `resizeNearestNeighbor ${name}`,
      shapes,
      run: (x) => tf.image.resizeNearestNeighbor(x as T4, [h, w], align, half),
    },
  ] satisfies Operation[];
});

const image = [2, 6, 5, 8];
const odd = [3, 4, 5, 3];
const aboveZero = (v: number): number => 0.6 + v / 2;
const farFromZero = (v: number): number => v + 0.2 * Math.sign(v);

/** Normalisation over some axes, from single operations, as layers are often written. */
function normalize(axes: number[]): Operation['run'] {
  return (x, scale, shift) => {
    const centerd = tf.sub(x!, tf.mean(x!, axes, true));
    const variance = tf.mean(tf.square(centerd), axes, true);
    return tf.add(tf.mul(tf.mul(centerd, tf.rsqrt(tf.add(variance, 1e-3))), scale!), shift!);
  };
}

const normalizations: Operation[] = [image, odd].flatMap((shape) => [
  { name: `batch normalisation of ${shape}`, shapes: [shape, [shape[3]!], [shape[3]!]], run: normalize([0, 1, 2]) },
  { name: `instance normalisation of ${shape}`, shapes: [shape, [shape[3]!], [shape[3]!]], run: normalize([1, 2]) },
]);
normalizations.push({
  name: 'group normalisation',
  shapes: [image, [1, 1, 1, 2, 4], [1, 1, 1, 2, 4]],
  run: (x, scale, shift) => tf.reshape(normalize([1, 2, 4])(tf.reshape(x!, [2, 6, 5, 2, 4]), scale!, shift!), image),
});

const broadcasts: Operation[] = (
  [
    [image, [8]],
    [[8], image],
    [image, [2, 1, 1, 8]],
    [[2, 1, 1, 8], image],
    [image, [1, 1, 1, 8]],
    [image, [6, 5, 8]],
    [image, [1, 6, 1, 8]],
    [image, [2, 6, 5, 1]],
    [image, [1]],
    [image, []],
    [odd, [3]],
    [odd, [3, 1, 1, 3]],
    [
      [2, 1, 4],
      [1, 3, 1],
    ],
    [image, image],
  ] as [number[], number[]][]
).flatMap((shapes) => [
  { name: `add [${shapes.join('] [')}]`, shapes, run: (a, b) => tf.add(a!, b!) },
  { name: `sub [${shapes.join('] [')}]`, shapes, run: (a, b) => tf.sub(a!, b!) },
  { name: `mul [${shapes.join('] [')}]`, shapes, run: (a, b) => tf.mul(a!, b!) },
  { name: `div [${shapes.join('] [')}]`, shapes, run: (a, b) => tf.div(a!, b!), domain: farFromZero },
]);
// tfjs-core's gradients of these two know no broadcasting.
broadcasts.push({ name: 'squaredDifference', shapes: [image, image], run: (a, b) => tf.squaredDifference(a!, b!) });
broadcasts.push({ name: 'maximum', shapes: [image, image], run: (a, b) => tf.maximum(a!, b!) });

const reductions: Operation[] = [[0, 1, 2], [1, 2], [0], [3], [1], [0, 2], [1, 3], [0, 1, 2, 3], [-1]].flatMap((axes) =>
  [image, odd].flatMap((shape) => [
    { name: `sum over ${axes} of ${shape}`, shapes: [shape], run: (x: tf.Tensor) => tf.sum(x, axes) },
    { name: `mean over ${axes} of ${shape}, kept`, shapes: [shape], run: (x: tf.Tensor) => tf.mean(x, axes, true) },
  ]),
) as Operation[];

// Numbers that were cast are still stored as integers on a GPU.
const wasCast = (shape: number[]): tf.Tensor =>
  tf.cast(tf.greater(tf.reshape(tf.range(0, tf.util.sizeFromShape(shape)), shape), 5), 'float32');
convolutions.push({
  name: 'conv2d of what was cast from bool',
  shapes: [[3, 3, 1, 4]],
  run: (f) => tf.conv2d(wasCast([1, 8, 4, 1]) as T4, f as T4, 1, 'same'),
});
reductions.push({
  name: 'sum of what was cast from bool',
  shapes: [[3]],
  run: (x) => tf.mul(x!, tf.sum(wasCast([4, 3]), 0)),
});
// So many terms that a GPU shares them among workgroups.
reductions.push({ name: 'sum of 1800 numbers each', shapes: [[3, 20, 30, 5]], run: (x) => tf.sum(x!, [0, 1, 2]) });

const elementwise: Operation[] = [
  { name: 'relu', run: (x: tf.Tensor) => tf.relu(x) },
  { name: 'leakyRelu', run: (x: tf.Tensor) => tf.leakyRelu(x, 0.1) },
  { name: 'sigmoid', run: (x: tf.Tensor) => tf.sigmoid(x) },
  { name: 'tanh', run: (x: tf.Tensor) => tf.tanh(x) },
  { name: 'softmax', run: (x: tf.Tensor) => tf.softmax(x) },
  { name: 'exp', run: (x: tf.Tensor) => tf.exp(x) },
  { name: 'softplus', run: (x: tf.Tensor) => tf.softplus(x) },
  { name: 'abs', run: (x: tf.Tensor) => tf.abs(x) },
  { name: 'neg', run: (x: tf.Tensor) => tf.neg(x) },
  { name: 'square', run: (x: tf.Tensor) => tf.square(x) },
  { name: 'log', run: (x: tf.Tensor) => tf.log(x), domain: aboveZero },
  { name: 'log1p', run: (x: tf.Tensor) => tf.log1p(x), domain: aboveZero },
  { name: 'sqrt', run: (x: tf.Tensor) => tf.sqrt(x), domain: aboveZero },
  { name: 'rsqrt', run: (x: tf.Tensor) => tf.rsqrt(x), domain: aboveZero },
  { name: 'pow', run: (x: tf.Tensor) => tf.pow(x, 3) },
  { name: 'clipByValue', run: (x: tf.Tensor) => tf.clipByValue(x, -0.4, 0.5) },
  { name: 'where', run: (x: tf.Tensor) => tf.where(tf.greaterEqual(x, 0.1), tf.mul(x, 3), tf.square(x)) },
  { name: 'cast of a comparison', run: (x: tf.Tensor) => tf.mul(x, tf.cast(tf.greaterEqual(x, 0.1), 'float32')) },
  { name: 'cast to bool', run: (x: tf.Tensor) => tf.mul(x, tf.cast(tf.cast(tf.relu(x), 'bool'), 'float32')) },
  { name: 'pad', run: (x: tf.Tensor) => tf.pad(x, [[0, 0], [1, 2], [2, 0], [0, 1]]) }, // prettier-ignore
  { name: 'mirrorPad', run: (x: tf.Tensor) => tf.mirrorPad(x, [[0, 0], [1, 2], [2, 0], [0, 0]], 'reflect') }, // prettier-ignore
  { name: 'tile', run: (x: tf.Tensor) => tf.tile(x, [1, 2, 1, 3]) },
  { name: 'transpose', run: (x: tf.Tensor) => tf.transpose(x, [0, 2, 1, 3]) },
  { name: 'slice of channels', run: (x: tf.Tensor) => tf.slice(x, [0, 0, 0, 1], [-1, -1, -1, 2]) },
  { name: 'slice of samples', run: (x: tf.Tensor) => tf.slice(x, [1, 0, 0, 0], [1, -1, -1, -1]) },
  { name: 'slice of a block', run: (x: tf.Tensor) => tf.slice(x, [0, 1, 2, 0], [2, 2, 3, 2]) },
  { name: 'split', run: (x: tf.Tensor) => tf.mul(...(tf.split(x, [1, 1], 3) as [tf.Tensor, tf.Tensor])), shape: [3, 4, 5, 2] },
  { name: 'split of samples', run: (x: tf.Tensor) => tf.sub(...(tf.split(x, 2, 0) as [tf.Tensor, tf.Tensor])), shape: [4, 3, 5, 2] },
  { name: 'unequal split', run: (x: tf.Tensor) => tf.square(tf.split(x, [3, 5], 3)[1]!), shape: image },
  { name: 'gather', run: (x: tf.Tensor) => tf.stack(tf.unstack(x, 0)), shape: image },
].map(({ name, run, domain, shape }: { name: string; run: (x: tf.Tensor) => tf.Tensor; domain?: (v: number) => number; shape?: number[] }) => ({ name, shapes: [shape ?? odd], run: run as Operation['run'], domain })); // prettier-ignore

const several: Operation[] = [
  { name: 'concat of channels', shapes: [image, [2, 6, 5, 3], [2, 6, 5, 1]], run: (...t) => tf.concat(t, 3) },
  { name: 'concat of samples', shapes: [image, [1, 6, 5, 8]], run: (...t) => tf.concat(t, 0) },
  { name: 'concat of one', shapes: [image], run: (...t) => tf.concat(t, 0) },
  { name: 'concat of rows', shapes: [odd, odd], run: (...t) => tf.concat(t, 1) },
  { name: 'addN', shapes: [odd, odd, odd], run: (...t) => tf.addN(t) },
  { name: 'stack', shapes: [odd, odd], run: (...t) => tf.stack(t, 1) },
  { name: 'matMul', shapes: [[7, 5], [5, 3]], run: (a, b) => tf.matMul(a!, b!) }, // prettier-ignore
];

/** The operations that training leans on, by kind, in the sizes and with the options that tell kernels apart. */
export const operations: Readonly<Record<string, readonly Operation[]>> = { convolutions, transposedConvolutions, pooling, resizing, normalizations, broadcasts, reductions, elementwise, several }; // prettier-ignore

/** Some of each kind whose gradient is a kernel of its own, to be compared with slopes. */
export const pickedForSlopes: readonly Operation[] = [
  ...convolutions.slice(0, 14).filter((_, k) => k % 3 === 0),
  ...convolutions.filter(({ name }) => name.includes('3x15x10x8') || name.includes('fused, linear')),
  ...transposedConvolutions.slice(0, 6),
  ...resizing,
  pooling[1]!,
  ...normalizations.slice(0, 2),
];
