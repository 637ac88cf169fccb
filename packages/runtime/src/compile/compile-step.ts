import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { shortReason } from '../engine-error.ts';
import { isNodeBackend, type NodeBackend } from './native/node-backend.ts';
import { record, release } from './native/record.ts';
import type { Recording, Step } from './native/recording.ts';
import { load, type Replay } from './native/replay.ts';
import { difference } from './native/same-recording.ts';

/** Options of {@link compileStep}. */
export interface CompileOptions {
  /**
   * Called once for each shape of inputs with the reason, in one sentence, why the step runs operation by operation.
   */
  onFallback?: (reason: string) => void;
  /**
   * Number of shapes of inputs whose graphs are kept, at least 1; the least recently used one is dropped. Defaults to
   * 8.
   */
  maxGraphs?: number;
}

/** A step that is replayed as one graph where the engine supports that. */
export interface CompiledStep<I extends NamedTensorMap, O extends Record<string, Tensor>> {
  (inputs: I): O;
  /** Number of graphs that are kept. */
  readonly graphs: number;
  /** Releases all graphs; a later call records again. */
  release(): void;
}

/** The state of one shape of inputs. */
type State =
  | { readonly kind: 'recorded'; readonly recording: Recording }
  | { readonly kind: 'replayed'; readonly replay: Replay; readonly backend: NodeBackend }
  | { readonly kind: 'refused' };

/** Whether a step is being recorded: a step inside it is part of that recording. */
let isRecording = false;

/**
 * Makes a step of training or inference faster. On `native` its first two calls run operation by operation and are
 * recorded; if both did the same, later calls run as one graph of TensorFlow, with the same results. Each shape of
 * inputs has its own graph. On other engines the step runs unchanged.
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
  const { onFallback = () => {}, maxGraphs = 8 } = options;
  if (!Number.isInteger(maxGraphs) || maxGraphs < 1) {
    throw new OptionError(`maxGraphs is ${maxGraphs}, expected a whole number of at least 1.`);
  }
  const states = new Map<string, State>();
  // A compiled step that becomes unreachable releases its graphs, too.
  const forget = (): void => {
    for (const state of states.values()) releaseState(state);
    states.clear();
  };

  const call = (inputs: I): O => {
    const backend: unknown = tf.backend();
    if (isRecording || !isNodeBackend(backend) || isPartOfMore(inputs)) return step(inputs);
    const key = describeInputs(inputs);
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

/** Whether the caller differentiates the call, or passes it a variable to set: a graph supports neither. */
function isPartOfMore(inputs: NamedTensorMap): boolean {
  return tf.engine().state.gradientDepth > 0 || Object.values(inputs).some((tensor) => tensor instanceof tf.Variable);
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

/** Moves on from the first recording to the second, and from the second to the graph. */
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

/** The key of a graph: the names, types and shapes of the inputs. */
function describeInputs(inputs: NamedTensorMap): string {
  return JSON.stringify(Object.entries(inputs).map(([name, { dtype, shape }]) => [name, dtype, shape]));
}
