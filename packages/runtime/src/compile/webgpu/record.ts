import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { NotRecordable, type Recorded, separateInputs, type Step } from '../step-recorder.ts';
import { copyOf, makePlain } from './data.ts';
import type { GpuBackend } from './gpu-backend.ts';
import { Recorder } from './recorder.ts';
import type { Recording } from './recording.ts';

/** Runs a step and records its programs. Rethrows the errors of the step. */
export function record<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  backend: GpuBackend,
  step: Step<I, O>,
  given: I,
): Recorded<O, Recording> {
  const before = separateVariables(backend);
  const data = new Map(before.map((variable) => [variable, variable.dataId]));
  const { inputs, dispose } = separateInputs(given, data.values(), (tensor) => copyOf(backend, tensor));
  const recorder = new Recorder(backend, inputs, before);
  const refused = (outputs: O, refusal: NotRecordable): Recorded<O, Recording> => {
    release(recorder);
    return { outputs, refusal };
  };
  try {
    const outputs = recorder.watch(() => step(inputs));
    if (recorder.refusal !== undefined) return refused(outputs, recorder.refusal);
    const after = registeredVariables();
    if (after.length !== before.length || after.some((variable) => !data.has(variable))) {
      release(recorder);
      return { outputs };
    }
    const updates = after
      .filter((variable) => variable.dataId !== data.get(variable))
      .map((variable) => ({ variable, value: recorder.numberOf(variable) }));
    const results = Object.entries(outputs).map(([name, tensor]) => {
      return { name, value: recorder.numberOf(tensor), dtype: tensor.dtype, shape: [...tensor.shape] };
    });
    const { values, dispatches } = recorder;
    const refusal = recorder.refusal ?? wrongType(updates, values);
    return refusal ? refused(outputs, refusal) : { outputs, recording: { values, dispatches, results, updates } };
  } catch (error) {
    release(recorder);
    throw error;
  } finally {
    dispose();
  }
}

/** Releases the tensors that a recording holds. */
export function release({ values }: Pick<Recording, 'values'>): void {
  for (const { source } of values) if (source.from === 'outside') source.tensor.dispose();
}

function registeredVariables(): Variable[] {
  return Object.values(tf.engine().registeredVariables);
}

/** Gives each variable data of its own, and of its own type: data is how a recording tells variables apart. */
function separateVariables(backend: GpuBackend): Variable[] {
  const all = registeredVariables();
  const taken = new Set<object>();
  for (const variable of all) {
    if (taken.has(variable.dataId)) tf.tidy(() => variable.assign(copyOf(backend, variable)));
    if (backend.tensorMap.has(variable.dataId)) makePlain(backend, variable);
    taken.add(variable.dataId);
  }
  return all;
}

/** A cast to a type that can hold all numbers of another leaves them as they are on the GPU. */
function wrongType(updates: Recording['updates'], values: Recording['values']): NotRecordable | undefined {
  const one = updates.find(({ variable, value }) => values[value]!.dtype !== variable.dtype);
  if (one === undefined) return undefined;
  const { dtype } = values[one.value]!;
  return new NotRecordable(
    `The step sets the variable ${one.variable.name} to a cast of ${dtype}, which cannot be recorded; multiply it by 1.`,
  );
}
