import type { DataId, DataType, TypedArray } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { OutOfMemoryError } from '../memory/out-of-memory.ts';
import type { WasmBackend } from './backend.ts';

type Move = (dataId: DataId, values: TypedArray | null, shape: number[], dtype: DataType, references: number) => void;

/** The bytes that 32 bits can address. */
const addressSpace = 2 ** 32;

/**
 * Makes a full heap an error. The heap of 32-bit WebAssembly ends at 4 GiB; beyond it `malloc` returns 0, which the
 * backend takes for an address, so that it would overwrite the start of its memory. Of a size over 32 bits `malloc`
 * sees only the remainder, and the tensor would extend beyond its memory.
 */
export function guardMemory(backend: WasmBackend): void {
  const guarded = backend as unknown as { move: Move };
  const move = guarded.move.bind(guarded);
  guarded.move = (dataId, values, shape, dtype, references) => {
    if (dtype === 'string') return move(dataId, values, shape, dtype, references);
    const bytes = util.sizeFromShape(shape) * util.bytesPerElement(dtype);
    if (bytes >= addressSpace) {
      throw new OutOfMemoryError('wasm', outOfMemory(shape, bytes, backend.wasm.HEAPU8.length));
    }
    // Without values, so that nothing is written before the address is known.
    move(dataId, null, shape, dtype, references);
    const offset = backend.dataIdMap.get(dataId).memoryOffset!;
    if (offset === 0 && bytes > 0) {
      backend.dataIdMap.delete(dataId);
      throw new OutOfMemoryError('wasm', outOfMemory(shape, bytes, backend.wasm.HEAPU8.length));
    }
    if (values !== null && values !== undefined) {
      backend.wasm.HEAPU8.set(new Uint8Array(values.buffer, values.byteOffset, bytes), offset);
    }
  };
}

function outOfMemory(shape: number[], bytes: number, heap: number): string {
  const mebibytes = (n: number): string => `${Math.ceil(n / 2 ** 20)} MiB`;
  return (
    `wasm engine: out of memory for a tensor of [${shape.join(', ')}] (${mebibytes(bytes)}; the heap has ` +
    `${mebibytes(heap)} and can have 4096 MiB); use a smaller batch, image size or network.`
  );
}
