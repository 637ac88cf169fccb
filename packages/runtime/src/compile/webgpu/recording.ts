import type { BackendValues, DataType, NamedAttrMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { GpuPipeline, Workgroups } from './gpu-backend.ts';

/** The source of the numbers in a tensor that the step uses. */
export type Source =
  | { readonly from: 'input'; readonly name: string }
  | { readonly from: 'variable'; readonly variable: Variable }
  /** A tensor from outside, such as a mask made before. */
  | { readonly from: 'outside'; readonly tensor: Tensor }
  /** Numbers that the step made on the host, equal in each call. */
  | { readonly from: 'host'; readonly values: Exclude<BackendValues, Uint8Array[]> }
  | { readonly from: 'program' };

/** Numbers that have a place of their own while the step runs. */
export interface Value {
  readonly source: Source;
  /** The type of the numbers in the buffer. */
  readonly dtype: DataType;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** One run of a program on the GPU. Values are given by their numbers. */
export interface Dispatch {
  /** The operation of TensorFlow.js that runs the program. */
  readonly operation: string;
  readonly attributes: NamedAttrMap;
  readonly pipeline: GpuPipeline;
  readonly workgroups: Workgroups;
  readonly output: number;
  readonly inputs: readonly number[];
  /** The shapes in which the operation sees its output and its inputs. */
  readonly shape: readonly number[];
  readonly shapes: readonly (readonly number[])[];
  readonly uniforms: Uint8Array;
}

/** All that a step does on the GPU, in its order. */
export interface Recording {
  readonly values: readonly Value[];
  readonly dispatches: readonly Dispatch[];
  /** What the step returned; its type may differ from that of the numbers. */
  readonly results: readonly {
    readonly name: string;
    readonly value: number;
    readonly dtype: DataType;
    readonly shape: readonly number[];
  }[];
  /** The variables that it set. */
  readonly updates: readonly { readonly variable: Variable; readonly value: number }[];
}
