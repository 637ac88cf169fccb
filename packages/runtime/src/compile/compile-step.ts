import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { shortReason } from '../engine-error.ts';
import { isNodeBackend, type NodeBackend } from './node-backend.ts';
import { record, release } from './record.ts';
import type { Recording, Step } from './recording.ts';
import { load, type Replay } from './replay.ts';
import { difference } from './same-recording.ts';

/** How a step is compiled. */
export interface CompileOptions {
  /** Told once for each shape of inputs, why the step runs operation by operation; one sentence. */
  onFallback?: (reason: string) => void;
  /** For how many shapes of inputs a graph is kept, at least 1; the one used longest ago goes first. 8 unless told. */
  maxGraphs?: number;
}

/** A step that is replayed as one graph where the engine can. */
export interface CompiledStep<I extends NamedTensorMap, O extends Record<string, Tensor>> {
  (inputs: I): O;
  /** How many graphs are kept. */
  readonly graphs: number;
  /** Gives all graphs back; a later call records again. */
  release(): void;
}

/** How far one shape of inputs is. */
type State =
  | { readonly kind: 'recorded'; readonly recording: Recording }
  | { readonly kind: 'replayed'; readonly replay: Replay; readonly backend: NodeBackend }
  | { readonly kind: 'refused' };

/** No step is recorded inside another one: it is a part of it. */
let isRecording = false;

/**
 * Makes a step of training or inference faster. On `native` its first two calls run operation by operation and are
 * recorded; when both did the same, later calls run as one graph of TensorFlow, which gives the same numbers. Each shape
 * of inputs has its own graph. On other engines the step runs as it is.
 *
 * The step must be a pure function of its inputs and of variables, which it may set (`variable.assign`): whatever changes
 * from call to call, such as the learning rate or random numbers, has to be among its inputs. A step that reads a tensor
 * on the host, or gives operations other numbers from the host at each call, runs operation by operation, and
 * `onFallback` is told.
 *
 * @throws OptionError when `maxGraphs` is no whole number of at least 1
 */
export function compileStep<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  step: Step<I, O>,
  options: CompileOptions = {},
): CompiledStep<I, O> {
  const { onFallback = () => {}, maxGraphs = 8 } = options;
  if (!Number.isInteger(maxGraphs) || maxGraphs < 1) {
    throw new OptionError(`maxGraphs is ${maxGraphs}; it must be a whole number of at least 1.`);
  }
  const states = new Map<string, State>();
  // A compiled step that nobody uses any more gives its graphs back, too.
  const forget = (): void => {
    for (const state of states.values()) releaseState(state);
    states.clear();
  };

  const call = (inputs: I): O => {
    const backend: unknown = tf.backend();
    if (isRecording || !isNodeBackend(backend) || isPartOfMore(inputs)) return step(inputs);
    const key = signatureOf(inputs);
    const state = states.get(key);
    states.delete(key);
    if (state?.kind === 'replayed' && state.backend === backend) {
      states.set(key, state);
      return state.replay.run(inputs) as O;
    }
    if (state?.kind === 'refused') {
      states.set(key, state);
      return step(inputs);
    }
    const refuse = (reason: string): void => {
      states.set(key, { kind: 'refused' });
      onFallback(reason);
    };
    if (state?.kind === 'replayed') releaseState(state);
    const { outputs, recording, refusal } = recorded(backend, step, inputs);
    if (refusal !== undefined) {
      if (state !== undefined) releaseState(state);
      refuse(refusal.message);
    } else if (recording !== undefined) {
      const next = advance(backend, state, recording, refuse);
      if (next !== undefined) states.set(key, next);
    }
    evict(states, maxGraphs);
    return outputs;
  };
  const compiled = Object.defineProperty(Object.assign(call, { release: forget }), 'graphs', {
    get: () => [...states.values()].filter(({ kind }) => kind === 'replayed').length,
  }) as CompiledStep<I, O>;
  unused.register(compiled, forget);
  return compiled;
}

const unused = new FinalizationRegistry<() => void>((forget) => forget());

function recorded<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  backend: NodeBackend,
  step: Step<I, O>,
  inputs: I,
): ReturnType<typeof record<I, O>> {
  isRecording = true;
  const { separate, dispose } = separated(inputs);
  try {
    return record(backend, step, separate);
  } finally {
    dispose();
    isRecording = false;
  }
}

/** Whether the call is differentiated by its caller, or is given a variable to set: a graph does neither. */
function isPartOfMore(inputs: NamedTensorMap): boolean {
  return tf.engine().state.gradientDepth > 0 || Object.values(inputs).some((tensor) => tensor instanceof tf.Variable);
}

/** Inputs by which the data is told apart: one that shares its data with another, or with a variable, is copied. */
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

/** From the first recording to the second, and from the second to the graph. */
function advance(
  backend: NodeBackend,
  state: State | undefined,
  recording: Recording,
  refuse: (reason: string) => void,
): State | undefined {
  if (state?.kind !== 'recorded') return { kind: 'recorded', recording };
  const refusal = difference(state.recording, recording);
  release(state.recording);
  if (refusal !== undefined) {
    release(recording);
    refuse(refusal.message);
    return undefined;
  }
  try {
    return { kind: 'replayed', replay: load(backend, recording), backend };
  } catch (error) {
    refuse(`TensorFlow does not take the step as a graph: ${shortReason(error)}.`);
    return undefined;
  }
}

function evict(states: Map<string, State>, maxGraphs: number): void {
  for (const [key, state] of states) {
    if (states.size <= maxGraphs) return;
    releaseState(state);
    states.delete(key);
  }
}

function releaseState(state: State): void {
  if (state.kind === 'recorded') release(state.recording);
  if (state.kind === 'replayed') state.replay.release();
}

/** What a graph depends on: the names, types and shapes of the inputs. */
function signatureOf(inputs: NamedTensorMap): string {
  return JSON.stringify(Object.entries(inputs).map(([name, { dtype, shape }]) => [name, dtype, shape]));
}
