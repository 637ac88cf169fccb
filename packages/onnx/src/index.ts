export * from './browser.ts';
export { findOnnxRuntime, installOnnxRuntime, type FoundRuntime } from './network/find-runtime.ts';
