export { EngineError } from './engine-error.ts';
export type { Engine, EngineName, EngineOptions, EngineStatus } from './types.ts';
export { engines, useEngine } from './use-engine.ts';
export type { InstallNativeOptions, NativeBuild, NativeStatus } from './native/install/install.ts';
export { installNative, nativeStatus, removeNative } from './native/install/install.ts';
export type { InstallProgress } from './native/install/progress.ts';
export type { CompiledStep, CompileOptions } from './compile/compile-step.ts';
export { compileStep } from './compile/compile-step.ts';
