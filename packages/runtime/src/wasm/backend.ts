import type { DataId, DataType, KernelBackend, NamedAttrMap, TensorInfo, TypedArray } from '@tensorflow/tfjs-core';

/** The members in use of the Emscripten module of TensorFlow.js's wasm backend. */
export interface WasmModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(offset: number): void;
  cwrap(name: string, returns: string | null, parameters: string[]): (...values: number[]) => number;
  tfjs?: Record<string, (...values: number[]) => number>;
  readonly PThread?: { terminateAllThreads(): void };
}

/** The members in use of a tensor's record in the wasm backend. */
export interface TensorRecord {
  readonly id: number;
  readonly memoryOffset: number | null;
  readonly dtype: DataType;
}

/** The members in use of TensorFlow.js's wasm backend, which version 4.22 does not declare in public. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: WasmModule;
  readonly dataIdMap: { get(dataId: DataId): TensorRecord; delete(dataId: DataId): boolean };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): TypedArray;
  disposeData(dataId: DataId, force?: boolean): boolean;
  incRef(dataId: DataId): void;
}

/** The package of the backend. */
export interface WasmPackage {
  readonly BackendWasm: new (module: WasmModule) => KernelBackend;
  readonly version_wasm: string;
  setThreadsCount(threads: number): void;
  getThreadsCount(): number;
}

/** The arguments of a kernel. */
export interface KernelCall {
  readonly inputs: Record<string, TensorInfo>;
  readonly attrs: NamedAttrMap;
  readonly backend: WasmBackend;
}
