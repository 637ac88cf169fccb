import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { StepRecorder } from '../step-recorder.ts';
import type { NodeBackend } from './node-backend.ts';
import { record, release } from './record.ts';
import type { Recording } from './recording.ts';
import { load } from './replay.ts';
import { difference } from './same-recording.ts';

/** Records steps on tfjs-node and replays them as graphs of TensorFlow. */
export function nativeRecorder(backend: NodeBackend): StepRecorder<Recording> {
  return {
    typeOf: ({ dtype }) => dtype,
    record: (step, inputs) => {
      const { separate, dispose } = separated(inputs);
      try {
        return record(backend, step, separate);
      } finally {
        dispose();
      }
    },
    difference,
    load: (recording) => load(backend, recording),
    release,
  };
}

/** Makes the data of all inputs distinct: copies an input that shares its data with another or with a variable. */
function separated<I extends NamedTensorMap>(inputs: I): { separate: I; dispose: () => void } {
  const taken = new Set<object>(Object.values(tf.engine().registeredVariables).map(({ dataId }) => dataId));
  const copies: Tensor[] = [];
  const separate = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => {
      if (!taken.has(tensor.dataId)) {
        taken.add(tensor.dataId);
        return [name, tensor];
      }
      copies.push(tf.tensor(tensor.dataSync(), tensor.shape, tensor.dtype));
      return [name, copies.at(-1)];
    }),
  ) as I;
  return { separate, dispose: () => tf.dispose(copies) };
}
