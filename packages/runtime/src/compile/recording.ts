import type { DataType, NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';

/** Where a value comes from when the graph runs. */
export type Source =
  | { readonly from: 'node'; readonly node: number; readonly output: number }
  | { readonly from: 'constant'; readonly constant: number }
  /** A tensor that is given at each run: an input, a variable, or one that the step holds on to. */
  | { readonly from: 'feed'; readonly feed: number };

/** An operation of TensorFlow, as the step called it. */
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

/** Numbers that the step made on the host, the same at each call. */
export interface Constant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** What a feed gives at each run. */
export type Feed =
  | { readonly kind: 'input'; readonly name: string; readonly dtype: number; readonly shape: readonly number[] }
  | {
      readonly kind: 'variable';
      readonly variable: Variable;
      readonly dtype: number;
      readonly shape: readonly number[];
    }
  /** A tensor that the step uses and that was there before, such as a mask made outside. */
  | { readonly kind: 'held'; readonly tensor: Tensor; readonly dtype: number; readonly shape: readonly number[] };

/** All that a step did, in the order in which it did it. */
export interface Recording {
  readonly nodes: readonly RecordedNode[];
  readonly constants: readonly Constant[];
  readonly feeds: readonly Feed[];
  /** What the step returned. */
  readonly results: readonly { readonly name: string; readonly source: Source; readonly dtype: DataType }[];
  /** Which variables it set, and to what. */
  readonly updates: readonly { readonly variable: Variable; readonly source: Source }[];
}

/** A step that can be recorded: a pure function of its inputs and of variables, which it may set. */
export type Step<I extends NamedTensorMap, O extends Record<string, Tensor>> = (inputs: I) => O;

/** Why a step cannot be replayed as a graph, in one sentence. The step itself has done its work. */
export class NotRecordable extends Error {
  override name = 'NotRecordable';
}
