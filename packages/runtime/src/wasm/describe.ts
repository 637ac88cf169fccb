/** The wasm engine for people, such as `wasm (SIMD, 2 threads)`; a note tells why it has fewer threads than it could. */
export function describeWasm(threads: number, note = ''): string {
  return `wasm (SIMD, ${threads} ${threads === 1 ? 'thread' : 'threads'}${note && `; ${note}`})`;
}

/** More threads than this bring nothing for slices of usual sizes. */
export const mostThreads = 8;
