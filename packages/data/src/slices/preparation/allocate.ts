/** Memory that worker threads share without a copy; a page has none unless it is cross-origin isolated. */
export function allocate(bytes: number): ArrayBuffer | SharedArrayBuffer {
  return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
}
