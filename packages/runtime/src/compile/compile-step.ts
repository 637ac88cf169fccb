import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { isNodeBackend } from './native/node-backend.ts';
import { nativeRecorder } from './native/native-recorder.ts';
import { replayedStep, type CompiledStep, type CompileOptions } from './replayed-step.ts';
import type { Step, StepRecorder } from './step-recorder.ts';
import { findWebGpuRecorder } from './webgpu/webgpu-recorder.ts';

/**
 * Makes a step of training or inference faster. On `native` and `webgpu` its first two calls run operation by operation
 * and are recorded; if both did the same, later calls are replayed, with the same results: on `native` as one graph of
 * TensorFlow, on `webgpu` as one list of commands for the GPU. Each shape of inputs has its own graph. On other engines
 * the step runs unchanged.
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
  return replayedStep(findRecorder, step, options);
}

function findRecorder(backend: object): StepRecorder | undefined {
  return isNodeBackend(backend) ? (nativeRecorder(backend) as StepRecorder) : findWebGpuRecorder(backend);
}
