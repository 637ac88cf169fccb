/** Reads a stream of chunks by given amounts and never holds more than the chunk at hand. */
export class ByteReader {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private chunk: Uint8Array = new Uint8Array(0);
  /** How many bytes were handed out or skipped. */
  position = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** Fills `target` from the stream and returns how many bytes there were, fewer than its length only at the end. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.byteLength && (await this.more())) {
      const part = this.take(target.byteLength - filled);
      target.set(part, filled);
      filled += part.byteLength;
    }
    return filled;
  }

  /** Passes over bytes and returns how many there were. */
  async skip(count: number): Promise<number> {
    let skipped = 0;
    while (skipped < count && (await this.more())) skipped += this.take(count - skipped).byteLength;
    return skipped;
  }

  /** Whether nothing follows. Reads on until it knows, so that a checksum at the end is checked too. */
  async atEnd(): Promise<boolean> {
    return !(await this.more());
  }

  /** Lets the stream go; to be called whatever happened. */
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
