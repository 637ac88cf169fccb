export { EngineError } from './engine-error.ts';
export type { Engine, EngineName, EngineOptions, EngineStatus } from './types.ts';
export { engines, useEngine } from './use-engine.ts';
