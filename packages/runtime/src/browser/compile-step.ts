import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { CompiledStep, CompileOptions } from '../compile/compile-step.ts';
import type { Step } from '../compile/recording.ts';

/**
 * The step as it is, so that a program runs in Node and in a browser alike: only `native`, which a browser has not, replays
 * a step as one graph. `onFallback` is not told, as on every engine that has no graphs.
 */
export function compileStep<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  step: Step<I, O>,
  _options: CompileOptions = {},
): CompiledStep<I, O> {
  const call = (inputs: I): O => step(inputs);
  return Object.assign(call, { graphs: 0, release: () => {} });
}
