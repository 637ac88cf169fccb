import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { CompiledStep, CompileOptions } from '../compile/compile-step.ts';
import type { Step } from '../compile/native/recording.ts';

/**
 * Returns the step unchanged, so that a program runs both in Node and in a browser: only `native`, which browsers lack,
 * replays a step as one graph. `onFallback` is not called, as on every engine without graphs.
 */
export function compileStep<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  step: Step<I, O>,
  _options: CompileOptions = {},
): CompiledStep<I, O> {
  const call = (inputs: I): O => step(inputs);
  return Object.assign(call, { graphs: 0, release: () => {} });
}
