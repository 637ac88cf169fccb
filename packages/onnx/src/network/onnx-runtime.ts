/**
 * What runs networks of ONNX: `onnxruntime-node` or `onnxruntime-web`, as they are imported. Only what is used here is listed.
 */
export interface OnnxRuntime {
  readonly InferenceSession: {
    /** Loads a network from the bytes of its file. */
    create(file: Uint8Array, options?: object): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
}

/** A network that a runtime has loaded. */
export interface OnnxSession {
  /** @param feeds the inputs by name. @returns the outputs by name */
  run(feeds: Record<string, object>): Promise<Record<string, object>>;
  /** Frees what the network takes; nothing may be run afterwards. */
  release(): Promise<void>;
}

/** A tensor that a runtime gives back. */
export interface OnnxResult {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}
