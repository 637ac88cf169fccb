import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { areFloats, findAddress, findSimd, type KernelDefinition } from '../kernel.ts';

/** The number of values that is worth a thread. */
const grainValues = 100_000;

/**
 * `AdamUpdate`, which TensorFlow.js does not have: the next value and moments of a variable, which take a dozen single
 * operations otherwise, with the same roundings. Inputs `variable`, `gradient`, `first` and `second` of one shape, the
 * scalars `stepSize` and `epsilon`, and `decay` where the variable loses that share of itself; attributes `beta1` and
 * `beta2`. Outputs the next `variable`, `first` and `second`.
 */
export const adamUpdate: KernelDefinition = {
  name: 'AdamUpdate',
  create:
    () =>
    ({ inputs, attrs, backend }) => {
      const { variable, gradient, first, second, stepSize, epsilon, decay } = inputs as Record<string, TensorInfo>;
      const tensors = [variable!, gradient!, first!, second!];
      const values = readSize('AdamUpdate', tensors, [stepSize!, epsilon!, ...(decay ? [decay] : [])]);
      const outputs = [variable!, first!, second!].map(({ shape }) => backend.makeOutput(shape, 'float32'));
      const [beta1, beta2] = [attrs['beta1'], attrs['beta2']] as [number, number];
      const place = (tensor: TensorInfo): number => findAddress(backend, tensor);
      const places = [...[...tensors, stepSize!, epsilon!].map(place), decay ? place(decay) : 0, ...outputs.map(place)];
      const division = { units: values, grain: grainValues };
      findSimd(backend).run('adamUpdate', [...places, beta1, 1 - beta1, beta2, 1 - beta2], division);
      return outputs;
    },
};

/**
 * `Approach`, which TensorFlow.js does not have: `a + (x - a) * share`, as a moving average takes a new value in. Inputs `a`
 * and `x` of one shape, and the scalar `share`.
 */
export const approach: KernelDefinition = {
  name: 'Approach',
  create:
    () =>
    ({ inputs, backend }) => {
      const { a, x, share } = inputs as Record<'a' | 'x' | 'share', TensorInfo>;
      const values = readSize('Approach', [a, x], [share]);
      const out = backend.makeOutput(a.shape, 'float32');
      const places = [a, x, share, out].map((tensor) => findAddress(backend, tensor));
      findSimd(backend).run('approach', places, { units: values, grain: grainValues });
      return out;
    },
};

/** `SumOfSquares`, which TensorFlow.js does not have: the squares of all numbers in all inputs, summed to one number. */
export const sumOfSquares: KernelDefinition = {
  name: 'SumOfSquares',
  create:
    () =>
    ({ inputs, backend }) => {
      const out = backend.makeOutput([], 'float32');
      backend.typedArrayFromHeap(out).fill(0);
      for (const x of Object.values(inputs)) {
        const count = readSize('SumOfSquares', [x], []);
        const places = [findAddress(backend, x), count, findAddress(backend, out)];
        findSimd(backend).run('addSquares', places, { units: 1, scratch: 32 });
      }
      return out;
    },
};

/** The number of values of tensors of one shape, beside scalars. */
function readSize(kernel: string, tensors: readonly TensorInfo[], scalars: readonly TensorInfo[]): number {
  const { shape } = tensors[0]!;
  const areAlike = tensors.every((tensor) => util.arraysEqual(tensor.shape, shape));
  const areSingle = scalars.every((scalar) => util.sizeFromShape(scalar.shape) === 1);
  if (!areAlike || !areSingle || !areFloats(...tensors, ...scalars)) {
    const found = [...tensors, ...scalars].map((one) => `${one.dtype} [${one.shape.join(', ')}]`).join(', ');
    throw new Error(
      `wasm engine: ${kernel} was given ${found}; it takes float32 of one shape that is not empty, and scalars.`,
    );
  }
  return util.sizeFromShape(shape);
}
