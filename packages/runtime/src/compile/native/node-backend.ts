import type { DataId, DataType, TensorInfo, Tensor } from '@tensorflow/tfjs-core';

/** An attribute of an operation, as tfjs-node's kernels pass it to the binding. */
export interface OperationAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor of TensorFlow as the binding describes it; ids are never reused. */
export interface NativeTensor {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The members in use of tfjs-node's N-API binding. */
export interface Binding {
  executeOp(name: string, attributes: OperationAttribute[], inputIds: number[], outputs: number): NativeTensor[];
  loadSavedModel(folder: string, tags: string): number;
  deleteTensor(id: number): void;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputIds: number[], inputNames: string, outputNames: string): NativeTensor[];
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  /** Set where convolutions are computed in bf16. */
  readonly precision?: 'bf16';
}

type Values = Float32Array | Int32Array | Uint8Array | Uint8Array[];

/** The members in use of the backend that tfjs-node 4.22 registers. */
export interface NodeBackend {
  binding: Binding;
  readonly tensorMap: {
    get(id: DataId): { readonly values: Values | null; readonly id: number; readonly dtype: number };
    has(id: DataId): boolean;
  };
  getInputTensorIds(tensors: TensorInfo[]): number[];
  createOutputTensor(tensor: NativeTensor): Tensor;
  getDTypeInteger(dtype: DataType): number;
  executeSingleOutput(name: string, attributes: OperationAttribute[], inputs: TensorInfo[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OperationAttribute[],
    inputs: TensorInfo[],
    outputs: number,
  ): Tensor[];
  incRef(id: DataId): void;
  read(id: DataId): Promise<Values>;
  readSync(id: DataId): Values;
  write(values: Values, shape: number[], dtype: DataType): DataId;
  move(id: DataId, values: Values, shape: number[], dtype: DataType, references: number): void;
}

/** Whether a backend is that of tfjs-node, with all members that recording relies on. */
export function isNodeBackend(backend: unknown): backend is NodeBackend {
  const { binding, ...rest } = (backend ?? {}) as Record<string, unknown>;
  const methods = ['getInputTensorIds', 'createOutputTensor', 'getDTypeInteger', 'readSync', 'move'];
  const ofBinding = ['executeOp', 'loadSavedModel', 'runSavedModel', 'deleteSavedModel'];
  const has = (value: unknown, names: string[]): boolean =>
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
  return binding !== undefined && 'tensorMap' in rest && has(backend, methods) && has(binding, ofBinding);
}
