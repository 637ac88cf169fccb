import type { StepRecorder } from '../step-recorder.ts';
import { isGpuBackend } from './gpu-backend.ts';
import { record, release } from './record.ts';
import { load } from './replay.ts';
import { difference } from './same-recording.ts';
import type { Recording } from './recording.ts';

/** What records steps on a backend and replays them as one list of commands, if it is TensorFlow.js's for WebGPU. */
export function findWebGpuRecorder(backend: object): StepRecorder | undefined {
  if (!isGpuBackend(backend)) return undefined;
  const recorder: StepRecorder<Recording> = {
    typeOf: ({ dataId }) => backend.tensorMap.get(dataId).dtype,
    record: (step, inputs) => record(backend, step, inputs),
    difference,
    load: (recording) => load(backend, recording),
    release,
  };
  return recorder as StepRecorder;
}
