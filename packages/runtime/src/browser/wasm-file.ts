import { EngineError } from '../engine-error.ts';

/** A file of `@tensorflow/tfjs-backend-wasm` (in its folder `dist`) that a page may need. */
export type WasmFile = 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm';

/**
 * Where a page finds the files of `@tensorflow/tfjs-backend-wasm`: the URL of the folder with both, or the URL of each.
 * With threads the page needs the threaded file, without threads the other.
 */
export type WasmPaths = string | Readonly<Partial<Record<WasmFile, string>>>;

function findUrl(paths: WasmPaths, file: WasmFile): string {
  const url =
    typeof paths === 'string' ? `${paths}${paths === '' || paths.endsWith('/') ? '' : '/'}${file}` : paths[file];
  if (url === undefined) {
    throw new EngineError('wasm', `wasm engine: wasmPaths names no ${file}; it must, or be the URL of its folder.`);
  }
  return url;
}

/** Fetches one of the files. @throws EngineError when it is missing, or is something else, such as a page */
export async function fetchWasm(paths: WasmPaths, file: WasmFile): Promise<Uint8Array<ArrayBuffer>> {
  const url = findUrl(paths, file);
  const refuse = (found: string): EngineError =>
    new EngineError(
      'wasm',
      `wasm engine: ${url} ${found}; wasmPaths must lead to ${file} of @tensorflow/tfjs-backend-wasm/dist.`,
    );
  const response = await fetch(url, { credentials: 'same-origin' }).catch((error: unknown) => {
    throw Object.assign(refuse('cannot be fetched'), { cause: error });
  });
  if (!response.ok) throw refuse(`gives ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== '\0asm') throw refuse('is no WebAssembly');
  return bytes;
}
