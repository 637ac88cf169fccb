/** Where the bytes of a file come from; parts of it are read when they are needed. */
export interface DicomSource {
  /** The path or name, for errors. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` up to `end`, fewer at the end of the file. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** The content of a file in memory as a source. @param name the name, for errors */
export function bytesSource(name: string, bytes: Uint8Array): DicomSource {
  return { name, size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

/** A file that a page was given as a source; its name is the path in the folder that was chosen, if there is one. */
export function fileSource(file: File | Blob, name?: string): DicomSource {
  const { name: own, webkitRelativePath: path } = file as { name?: string; webkitRelativePath?: string };
  return {
    name: name ?? (path || own || 'DICOM bytes in memory'),
    size: file.size,
    read: async (start, end) => new Uint8Array(await file.slice(start, end).arrayBuffer()),
  };
}
