import { type CompiledModule, webAssembly } from '../web-assembly.ts';
import { binary } from './binary.ts';

/** The import of the memory in the binary, up to the byte for its kind. */
const memoryImport = '\x03env\x06memory\x02';

/** The kinds of memory with a maximum: shared by threads, or not. */
const kinds = { shared: 3, own: 1 } as const;

/**
 * Compiles the kernels of `assembly/` for shared memory or for memory that is not shared; the two differ in one byte.
 */
export function compileKernels(isShared: boolean): CompiledModule {
  const text = atob(binary);
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const kind = text.indexOf(memoryImport) + memoryImport.length;
  if (bytes[kind] !== kinds.shared) throw new Error('wasm engine: its kernels are not compiled for shared memory');
  if (!isShared) bytes[kind] = kinds.own;
  return new webAssembly.Module(bytes);
}
