import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { isNodeBackend } from '../compile/native/node-backend.ts';
import type { CompiledStep } from '../compile/replayed-step.ts';
import type { Step } from '../compile/step-recorder.ts';
import { isGpuBackend } from '../compile/webgpu/gpu-backend.ts';
import { EngineError } from '../engine-error.ts';
import type { EngineName } from '../types.ts';
import { availableBytes, bytesFor, largestBatchIn, measureMemory } from './memory-needed.ts';
import { isOutOfMemory, OutOfMemoryError } from './out-of-memory.ts';

/**
 * Wraps a step so that its out-of-memory error says which batch size would fit: it tries half of the batch, then half
 * of that, until the step runs. On `native` without a GPU it measures the need before the first step of each batch
 * size, with one sample and, where that leaves it open, with two, as the system may end the process, or TensorFlow crash, where an allocation should
 * fail. Variables keep their values. Inputs of rank 2 and more have the samples along their first axis; others do not
 * belong to the batch. On `webgpu` it only calls the step, since an error there comes with the next `tensor.data()`.
 *
 * @param plain the step before it was compiled, to measure. Defaults to `step`.
 * @returns a step that throws an {@link OutOfMemoryError} with the batch size that fits. It has the `release` of `step`, if
 * `step` has one.
 */
export function withOutOfMemoryHint<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  step: Step<I, O>,
  plain: Step<I, O> = step,
): Step<I, O> {
  let accepted = 2;
  const hinting: Step<I, O> = (inputs) => {
    const batch = countSamples(inputs);
    // On a GPU that computes later, a step itself does not run out of memory.
    if (batch === undefined || isGpuBackend(tf.backend())) return step(inputs);
    const before = snapshot();
    try {
      if (batch > accepted) refuseTooLarge(plain, inputs, batch, before.restore);
      accepted = Math.max(accepted, batch);
      return step(inputs);
    } catch (error) {
      if (!isOutOfMemory(error) || error instanceof BatchTooLarge) throw error;
      before.restore();
      const fitting = largestThatFits(step, inputs, batch, before.restore);
      const engine: EngineName = error instanceof EngineError ? error.engine : 'native';
      const reason = `out of memory in a step with a batch of ${batch}`;
      throw new OutOfMemoryError(engine, writeMessage(engine, reason, fitting), { cause: error });
    } finally {
      before.release();
    }
  };
  const { release } = step as Partial<CompiledStep<I, O>>;
  return release ? Object.assign(hinting, { release }) : hinting;
}

/** Thrown before the step ran, when smaller batches have been tried already. */
class BatchTooLarge extends OutOfMemoryError {}

function refuseTooLarge<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  step: Step<I, O>,
  inputs: I,
  batch: number,
  restore: () => void,
): void {
  const backend: unknown = tf.backend();
  if (!isNodeBackend(backend) || (backend as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true) return;
  const available = availableBytes();
  const needed = measureMemory(backend, available, batch, (samples) => {
    tf.tidy(() => void step(firstSamples(inputs, samples)));
    restore();
  });
  const bytes = bytesFor(needed, batch);
  if (bytes <= available) return;
  const gibibytes = (n: number): string => `${(n / 2 ** 30).toFixed(1)} GiB`;
  const reason = `a step with a batch of ${batch} takes ${gibibytes(bytes)} of memory at least and ${gibibytes(available)} are free`;
  throw new BatchTooLarge('native', writeMessage('native', reason, largestBatchIn(needed, 0.8 * available)));
}

function writeMessage(engine: EngineName, reason: string, fitting: number | undefined): string {
  const [rest, advice] =
    fitting === undefined
      ? ['not even a batch of 1 fits', 'use a smaller image size or network']
      : [`a batch of ${fitting} fits`, 'use that one, or a smaller image size or network'];
  return `${engine} engine: ${reason}; ${rest}, ${advice}.`;
}

/** The number of samples in the inputs. */
function countSamples(inputs: NamedTensorMap): number | undefined {
  return Object.values(inputs).find(({ rank }) => rank >= 2)?.shape[0];
}

function largestThatFits<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  step: Step<I, O>,
  inputs: I,
  batch: number,
  restore: () => void,
): number | undefined {
  for (let count = Math.floor(batch / 2); count >= 1; count = Math.floor(count / 2)) {
    try {
      tf.tidy(() => void step(firstSamples(inputs, count)));
      return count;
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
    } finally {
      restore();
    }
  }
  return undefined;
}

function firstSamples<I extends NamedTensorMap>(inputs: I, count: number): I {
  const entries = Object.entries(inputs).map(([name, tensor]) => [
    name,
    tensor.rank < 2 ? tensor : tf.slice(tensor, 0, count),
  ]);
  return Object.fromEntries(entries) as I;
}

/** Keeps the values of all variables. That takes no memory until a variable is set, which then gets a new place. */
function snapshot(): { restore: () => void; release: () => void } {
  const held = Object.values(tf.engine().registeredVariables).map((variable) => ({
    variable,
    value: tf.keep(tf.clone(variable)),
  }));
  return {
    restore: () => held.forEach(({ variable, value }) => variable.isDisposed || variable.assign(value)),
    release: () => held.forEach(({ value }) => value.dispose()),
  };
}

/** @deprecated Use `withOutOfMemoryHint`. */
export const tellBatchThatFits = withOutOfMemoryHint;
