import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelDefinition } from '../kernel.ts';
import type { WasmBackend } from '../backend.ts';

/** Creates a second tensor on the same values, which live until both are disposed. */
function share(x: TensorInfo, backend: WasmBackend): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/** A tensor with the same values, which is frequent in gradients; the backend's own kernel copies the values. */
export const identity: KernelDefinition = {
  name: 'Identity',
  create:
    () =>
    ({ inputs, backend }) =>
      share(inputs['x']!, backend),
};

/** Casts to another type; the backend's own kernel copies where nothing changes, and casts 0.5 to false. */
export const cast: KernelDefinition = {
  name: 'Cast',
  create: (stock) => {
    const own = stock('Cast');
    return (call) => {
      const { backend, attrs } = call;
      const x = call.inputs['x']!;
      const dtype = attrs['dtype'] as DataType;
      if (dtype === x.dtype) return share(x, backend);
      if (dtype !== 'bool') return own(call);
      const out = backend.makeOutput(x.shape, 'bool');
      const from = backend.typedArrayFromHeap(x);
      const to = backend.typedArrayFromHeap(out);
      for (let k = 0; k < from.length; k++) to[k] = from[k] === 0 ? 0 : 1;
      return out;
    };
  },
};
