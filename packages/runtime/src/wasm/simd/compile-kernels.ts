import { type CompiledModule, webAssembly } from '../web-assembly.ts';
import { binary, relaxedBinary } from './binary.ts';

/** The import of the memory in the binary, up to the byte for its kind. */
const memoryImport = '\x03env\x06memory\x02';

/** The kinds of memory with a maximum: shared by threads, or not. */
const kinds = { shared: 3, own: 1 } as const;

/** Whether this host has relaxed SIMD, which Node has since 22: a multiplication and an addition are one instruction. */
export function hasRelaxedSimd(): boolean {
  return webAssembly.validate(toBytes(atob(relaxedBinary)));
}

/**
 * Compiles the kernels of `assembly/` for shared memory or for memory that is not shared; the two differ in one byte.
 *
 * @param isRelaxed whether to compile those with relaxed SIMD. Defaults to whether the host has it
 */
export function compileKernels(isShared: boolean, isRelaxed = hasRelaxedSimd()): CompiledModule {
  const text = atob(isRelaxed ? relaxedBinary : binary);
  const bytes = toBytes(text);
  const kind = text.indexOf(memoryImport) + memoryImport.length;
  if (bytes[kind] !== kinds.shared) throw new Error('wasm engine: its kernels are not compiled for shared memory');
  if (!isShared) bytes[kind] = kinds.own;
  return new webAssembly.Module(bytes);
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
