import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { separateInputs, type StepRecorder } from '../step-recorder.ts';
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
      const variables = Object.values(tf.engine().registeredVariables).map(({ dataId }) => dataId);
      const copyOf = (tensor: Tensor): Tensor => tf.tensor(tensor.dataSync(), tensor.shape, tensor.dtype);
      const { inputs: separate, dispose } = separateInputs(inputs, variables, copyOf);
      try {
        return record(backend, step, separate);
      } finally {
        dispose();
      }
    },
    difference,
    load: (recording, { freeze = false } = {}) => load(backend, recording, freeze),
    release,
  };
}
