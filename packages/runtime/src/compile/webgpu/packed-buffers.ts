import type { Binding, GpuBackend, GpuBuffer } from './gpu-backend.ts';

/** The largest size of a buffer that holds more than one array. */
const largest = 2 ** 20;

/**
 * Puts arrays of bytes into as few buffers as possible, equal ones once.
 *
 * @param alignment of the place of each array, in bytes
 * @returns the place of each array, and the buffers, which are the caller's to destroy
 */
export function packBuffers(
  backend: GpuBackend,
  arrays: readonly Uint8Array[],
  { usage, alignment }: { usage: number; alignment: number },
): { bindings: Binding[]; buffers: GpuBuffer[] } {
  const unique = new Map<string, { bytes: Uint8Array; binding?: Binding }>();
  const entries = arrays.map((bytes) => {
    const key = textOf(bytes);
    if (!unique.has(key)) unique.set(key, { bytes });
    return unique.get(key)!;
  });
  const buffers: GpuBuffer[] = [];
  let group: { entry: (typeof entries)[number]; offset: number }[] = [];
  let size = 0;
  const flush = (): void => {
    if (size === 0) return;
    const contents = new Uint8Array(size);
    for (const { entry, offset } of group) contents.set(entry.bytes, offset);
    const buffer = backend.bufferManager.acquireBuffer(size, usage, false, false);
    backend.queue.writeBuffer(buffer, 0, contents);
    buffers.push(buffer);
    for (const { entry, offset } of group) entry.binding = { buffer, offset, size: entry.bytes.length };
    [group, size] = [[], 0];
  };
  for (const entry of unique.values()) {
    const { length } = entry.bytes;
    let offset = Math.ceil(size / alignment) * alignment;
    if (offset + length > largest) {
      flush();
      offset = 0;
    }
    group.push({ entry, offset });
    size = offset + length;
  }
  flush();
  return { bindings: entries.map(({ binding }) => binding!), buffers };
}

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
