import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { replayedStep, type CompiledStep, type CompileOptions } from '../compile/replayed-step.ts';
import type { Step } from '../compile/step-recorder.ts';
import { findWebGpuRecorder } from '../compile/webgpu/webgpu-recorder.ts';

/**
 * Makes a step of training or inference faster, as in Node. On `webgpu` its first two calls run operation by operation
 * and are recorded; if both did the same, later calls run as one list of commands for the GPU, with the same results.
 * Each shape of inputs has its own list. On `wasm` the step runs unchanged.
 *
 * The step must be a pure function of its inputs and of variables, which it may set (`variable.assign`): whatever
 * changes from call to call, such as the learning rate or random numbers, must be among its inputs. A step that reads a
 * tensor on the host, or passes operations other numbers from the host in each call, runs operation by operation, and
 * `onFallback` is called.
 *
 * @throws OptionError when `maxGraphs` is not a whole number of at least 1
 */
export function compileStep<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  step: Step<I, O>,
  options: CompileOptions = {},
): CompiledStep<I, O> {
  return replayedStep(findWebGpuRecorder, step, options);
}
