export { EngineError } from '../engine-error.ts';
export type { Engine } from '../types.ts';
export type { BrowserEngineOptions } from './use-engine.ts';
export { useEngine } from './use-engine.ts';
export type { WasmFile, WasmPaths } from './wasm-file.ts';
export type { CompiledStep, CompileOptions } from '../compile/compile-step.ts';
export { compileStep } from './compile-step.ts';
export { OutOfMemoryError } from '../memory/out-of-memory.ts';
export { tellBatchThatFits, withOutOfMemoryHint } from '../memory/out-of-memory-hint.ts';
