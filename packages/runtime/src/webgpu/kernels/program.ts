import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGpuBackend } from '../backend.ts';

/** A program in WGSL as TensorFlow.js's backend takes it: its `main` runs in each thread. */
export interface Program {
  readonly outputShape: number[];
  readonly variableNames: string[];
  /** How many neighbouring numbers of each input are read at a time, and how many are written: 1 if absent. */
  readonly variableComponents?: number[];
  readonly outputComponent?: number;
  /** Declarations of the uniforms that it has beside the shapes of its inputs and its output. */
  readonly uniforms: string;
  readonly workgroupSize: [number, number, number];
  /** Which axes of the output the three indices of a workgroup stand for. */
  readonly dispatchLayout: { x: number[]; y?: number[]; z?: number[] };
  readonly dispatch: [number, number, number];
  /** Tells programs apart whose code differs. */
  readonly shaderKey: string;
  getUserCode(): string;
}

/** The value of a uniform, in the order of their declarations. */
export interface Uniform {
  readonly type: 'int32' | 'float32';
  readonly data: number[];
}

/** The members of the backend that run programs. */
export interface ProgramBackend extends WebGpuBackend {
  readonly device: { readonly limits: { readonly maxComputeWorkgroupsPerDimension: number } };
  runWebGPUProgram(program: Program, inputs: TensorInfo[], dtype: DataType, uniforms: Uniform[]): TensorInfo;
}

/** The number of workgroups that keep a large GPU busy. */
export const manyWorkgroups = 1024;

/** Code that is written out so many times, once for each index. */
export function each(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join('\n');
}
