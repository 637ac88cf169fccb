import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { findAddress, areFloats, type KernelDefinition, findSimd } from '../kernel.ts';

/** The number of values that is worth a thread. */
const grainValues = 150_000;

/** How one operand relates to the other: one row of channels per set, repeated for all rows of the set. */
interface Repetition {
  rows: number;
  channels: number;
  sets: number;
}

/**
 * Finds how `small` repeats over the rows of `[sets, rows, channels]` when it is broadcast to `shape`, as bias, scale
 * and the statistics of normalisations do.
 */
function findRepetition(small: readonly number[], shape: readonly number[]): Repetition | undefined {
  const padded = [...new Array<number>(shape.length - small.length).fill(1), ...small];
  let k = shape.length;
  const take = (matches: (size: number, full: number) => boolean): number => {
    let product = 1;
    while (k > 0 && matches(padded[k - 1]!, shape[k - 1]!)) product *= shape[--k]!;
    return product;
  };
  const channels = take((size, full) => size === full);
  const rows = take((size) => size === 1);
  const sets = take((size, full) => size === full);
  return k === 0 && rows > 1 ? { rows, channels, sets } : undefined;
}

/** A binary operation; the backend's own is slow where one operand repeats over rows of few channels. */
function define(name: 'Add' | 'Sub' | 'Multiply' | 'RealDiv', operation: number): KernelDefinition {
  return {
    name,
    create: (stock) => {
      const own = stock(name);
      return (call) => {
        const { backend } = call;
        const { a, b } = call.inputs as Record<'a' | 'b', TensorInfo>;
        if (a.shape.length === 0 || b.shape.length === 0 || util.arraysEqual(a.shape, b.shape) || !areFloats(a, b)) {
          return own(call);
        }
        const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
        const repeated = util.arraysEqual(a.shape, shape) ? 1 : util.arraysEqual(b.shape, shape) ? 0 : undefined;
        if (repeated === undefined) return own(call);
        const repetition = findRepetition(repeated === 1 ? b.shape : a.shape, shape);
        if (repetition === undefined || repetition.channels % 4 !== 0) return own(call);
        const { rows, channels, sets } = repetition;
        const out = backend.makeOutput(shape, 'float32');
        const places = [a, b, out].map((t) => findAddress(backend, t));
        const step = sets > 1 ? channels : 0;
        const units = sets * rows;
        const grain = Math.ceil(grainValues / channels);
        findSimd(backend).run('broadcastRows', [operation, repeated, ...places, rows, channels, step], {
          units,
          grain,
        });
        return out;
      };
    },
  };
}

export const add = define('Add', 0);
export const sub = define('Sub', 1);
export const multiply = define('Multiply', 2);
export const realDiv = define('RealDiv', 3);
