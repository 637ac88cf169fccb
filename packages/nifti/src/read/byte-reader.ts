/** Reads a stream in amounts of any size, and holds no more than its current chunk. */
export class ByteReader {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private chunk: Uint8Array = new Uint8Array(0);
  /** The number of bytes read or skipped so far. */
  position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Fills `target` from the stream. Returns the number of bytes, which is smaller than its length only at the end. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.byteLength && (await this.more())) {
      const part = this.take(target.byteLength - filled);
      target.set(part, filled);
      filled += part.byteLength;
    }
    return filled;
  }

  /** Skips up to `count` bytes. Returns how many there were. */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    while (skipped < count && (await this.more())) skipped += this.take(count - skipped).byteLength;
    return skipped;
  }

  /** Whether the stream has ended. Reads on to find out, so that a checksum at the end is verified, too. */
  async atEnd(): Promise<boolean> {
    return !(await this.more());
  }

  /** Releases the stream; to be called in any case. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private async more(): Promise<boolean> {
    while (this.chunk.byteLength === 0) {
      const { done, value } = await this.chunks.next();
      if (done) return false;
      this.chunk = value;
    }
    return true;
  }

  private take(count: number): Uint8Array {
    const part = this.chunk.subarray(0, count);
    this.chunk = this.chunk.subarray(part.byteLength);
    this.position += part.byteLength;
    return part;
  }
}
