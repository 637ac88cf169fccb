export * from './browser.ts';
export {
  findOnnxRuntime,
  installOnnxRuntime,
  type FindRuntimeOptions,
  type FoundRuntime,
} from './network/find-runtime.ts';
