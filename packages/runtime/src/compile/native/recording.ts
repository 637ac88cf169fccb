import type { DataType, Tensor, Variable } from '@tensorflow/tfjs-core';

/** The source of a value when the graph runs. */
export type Source =
  | { readonly from: 'node'; readonly node: number; readonly output: number }
  | { readonly from: 'constant'; readonly constant: number }
  /** A tensor that is fed in each run: an input, a variable, or one that the step holds. */
  | { readonly from: 'feed'; readonly feed: number };

/** An operation of TensorFlow as the step called it. */
export interface RecordedNode {
  readonly operation: string;
  readonly attributes: readonly RecordedAttribute[];
  readonly inputs: readonly Source[];
  readonly outputs: readonly { readonly dtype: number; readonly shape: readonly number[] }[];
}

export interface RecordedAttribute {
  readonly name: string;
  readonly kind: 'string' | 'int' | 'float' | 'bool' | 'type' | 'shape';
  readonly value: unknown;
}

/** Values that the step made on the host, equal in each call. */
export interface Constant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** The source of a feed. */
export type Feed =
  | { readonly kind: 'input'; readonly name: string; readonly dtype: number; readonly shape: readonly number[] }
  | {
      readonly kind: 'variable';
      readonly variable: Variable;
      readonly dtype: number;
      readonly shape: readonly number[];
    }
  /** A tensor from outside that the step uses, such as a mask made before. */
  | { readonly kind: 'held'; readonly tensor: Tensor; readonly dtype: number; readonly shape: readonly number[] };

/** All operations of a step, in their order. */
export interface Recording {
  readonly nodes: readonly RecordedNode[];
  readonly constants: readonly Constant[];
  readonly feeds: readonly Feed[];
  /** What the step returned. */
  readonly results: readonly { readonly name: string; readonly source: Source; readonly dtype: DataType }[];
  /** The variables that it set, with the sources of their values. */
  readonly updates: readonly { readonly variable: Variable; readonly source: Source }[];
}
