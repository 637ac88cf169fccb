/** The codecs that run in a worker. */
export type CodecKind = 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

/** A frame to decode. */
export interface DecodeJob {
  readonly kind: CodecKind;
  readonly bytes: Uint8Array;
  /** Bytes of a pixel in the file's description. */
  readonly bytesPerPixel: number;
}

/** The pixels of a frame, little-endian, or why there are none. */
export type DecodeReply = { readonly bytes: Uint8Array; readonly bytesPerPixel: number } | { readonly failure: string };

/** A worker that decodes one frame at a time. */
export interface DecodeWorker {
  send(job: DecodeJob): void;
  /** Called with each reply, and with a failure if the worker ends by itself. */
  onReply: (reply: DecodeReply) => void;
  /** Ends it, whatever it is doing. */
  stop(): void;
}

/** Starts a worker; how depends on where the program runs. */
export type StartDecodeWorker = () => DecodeWorker;
