import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { NotRecordable, Recorded, Step } from '../step-recorder.ts';
import type { NodeBackend } from './node-backend.ts';
import { Recorder } from './recorder.ts';
import type { Recording } from './recording.ts';

/** Runs a step and records its operations. Rethrows the errors of the step. */
export function record<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  backend: NodeBackend,
  step: Step<I, O>,
  inputs: I,
): Recorded<O, Recording> {
  const before = variables();
  // From here on, older tensors have their place in TensorFlow, and can be told from those that the step makes.
  backend.getInputTensorIds([...before, ...Object.values(inputs)]);
  const data = new Map(before.map((variable) => [variable, variable.dataId]));
  const recorder = new Recorder(backend, inputs, before);
  try {
    const outputs = recorder.watch(() => step(inputs));
    if (recorder.refusal !== undefined) return refused(recorder, outputs, recorder.refusal);
    const after = variables();
    if (after.length !== before.length || after.some((variable) => !data.has(variable))) {
      release(recorder);
      return { outputs };
    }
    // This also looks up the places of values that were made on the host and are returned unchanged.
    const recording = recorder.watch((): Recording => {
      const changed = after.filter((variable) => variable.dataId !== data.get(variable));
      const updates = changed.map((variable) => ({ variable, source: recorder.findSource(variable) }));
      const results = Object.entries(outputs).map(([name, tensor]) => ({
        name,
        source: recorder.findSource(tensor),
        dtype: tensor.dtype,
      }));
      const { nodes, constants, feeds } = recorder;
      return { nodes, constants, feeds, results, updates };
    });
    return recorder.refusal === undefined ? { outputs, recording } : refused(recorder, outputs, recorder.refusal);
  } catch (error) {
    release(recorder);
    throw error;
  }
}

function refused<O>(recorder: Recorder, outputs: O, refusal: NotRecordable): Recorded<O, Recording> {
  release(recorder);
  return { outputs, refusal };
}

function variables(): Variable[] {
  return Object.values(tf.engine().registeredVariables);
}

/** Releases the tensors that a recording holds. */
export function release({ feeds }: Pick<Recording, 'feeds'>): void {
  for (const feed of feeds) if (feed.kind === 'held') feed.tensor.dispose();
}
