import { type CompiledModule, webAssembly } from '../web-assembly.ts';
import { binary } from './binary.ts';

/** How the binary imports its memory, up to the byte that says of which kind it is. */
const importOfMemory = '\x03env\x06memory\x02';

/** A memory with a maximum, which threads share, or not. */
const kinds = { shared: 3, own: 1 } as const;

/** Compiles the kernels of `assembly/` for memory that is shared, or for memory that is not, which differ in one byte. */
export function compileKernels(isShared: boolean): CompiledModule {
  const text = atob(binary);
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const kind = text.indexOf(importOfMemory) + importOfMemory.length;
  if (bytes[kind] !== kinds.shared) throw new Error('wasm engine: its kernels are not compiled for shared memory');
  if (!isShared) bytes[kind] = kinds.own;
  return new webAssembly.Module(bytes);
}
