import {
  backend,
  engine,
  getKernel,
  randomNormal,
  setBackend,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { originalKernel } from '../build/cpu-backend.ts';

beforeAll(() => setBackend('cpu'));

it.each([
  [1, 'same', [3, 3]],
  [1, 'valid', [3, 2]],
  [2, 'same', [3, 3]],
  [2, 'valid', [2, 2]],
  [[1, 3], 'same', [5, 3]],
  [1, 1, [1, 1]],
  [3, 'same', [1, 1]],
] as const)('the faster gradient by a filter equals the original: strides %j, padding %j, filter %j', (...settings) => {
  const [strides, pad, [height, width]] = settings;
  const [inChannels, outChannels] = [3, 5];
  const x = randomNormal([2, 7, 9, inChannels], 0, 1, 'float32', 1);
  const shape = [height, width, inChannels, outChannels];
  const stride = typeof strides === 'number' ? ([strides, strides] as const) : strides;
  const size = (length: number, filter: number, step: number): number =>
    pad === 'same' ? Math.ceil(length / step) : Math.floor((length + (pad === 1 ? 2 : 0) - filter) / step) + 1;
  const out = [2, size(7, height, stride[0]), size(9, width, stride[1]), outChannels];
  const dy = randomNormal(out, 0, 1, 'float32', 2);
  const { kernelFunc } = getKernel('Conv2DBackpropFilter', 'cpu');
  expect(kernelFunc).not.toBe(originalKernel.kernelFunc);
  const gradient = (kernel: KernelFunc): ArrayLike<number> => {
    const info = kernel({ inputs: { x, dy }, backend: backend(), attrs }) as TensorInfo;
    return engine().makeTensorFromTensorInfo(info).dataSync();
  };
  const attrs = { strides: [...stride], pad, dataFormat: 'NHWC', filterShape: shape };
  expect(gradient(kernelFunc)).toEqual(gradient(originalKernel.kernelFunc));
});
