import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { shortReason } from '../engine-error.ts';
import type { Replay, Step, StepRecorder } from './step-recorder.ts';

/** Options of `compileStep`. */
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
  /**
   * Whether a graph may take variables that the step only reads as constants, so that the engine lays them out once and
   * computes what depends on them alone beforehand. When one is set, the step is recorded again: for steps whose
   * variables seldom change, such as those of prediction. While it optimises a graph, TensorFlow takes memory for about
   * a dozen copies of them; variables of more than 16 MiB in all stay as they are. Only `native` makes use of it.
   * Defaults to false.
   */
  freeze?: boolean;
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
  | {
      readonly kind: 'recorded';
      readonly recording: unknown;
      readonly recorder: StepRecorder;
      readonly backend: object;
    }
  | { readonly kind: 'replayed'; readonly replay: Replay; readonly backend: object }
  | { readonly kind: 'refused' };

/** Whether a step is being recorded: a step inside it is part of that recording. */
let isRecording = false;

/**
 * Makes a step whose first two calls are recorded and whose later ones are replayed, where the backend can do that.
 *
 * @param findRecorder gives what records on a backend, if anything does
 * @throws OptionError when `maxGraphs` is not a whole number of at least 1
 */
export function replayedStep<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  findRecorder: (backend: object) => StepRecorder | undefined,
  step: Step<I, O>,
  { onFallback = () => {}, maxGraphs = 8, freeze = false }: CompileOptions,
): CompiledStep<I, O> {
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
    const backend: object = tf.backend();
    if (isRecording || isPartOfMore(inputs)) return step(inputs);
    const recorder = findRecorder(backend);
    if (recorder === undefined) return step(inputs);
    const key = describeInputs(recorder, inputs);
    const state = current(states.get(key), backend);
    states.delete(key);
    if (state?.kind === 'replayed') {
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
    const { outputs, recording, refusal } = recorded(recorder, step, inputs);
    if (refusal !== undefined) {
      if (state !== undefined) releaseState(state);
      refuse(refusal.message);
    } else if (recording !== undefined) {
      const next =
        state === undefined
          ? ({ kind: 'recorded', recording, recorder, backend } as const)
          : secondTime({ recorder, freeze }, state.recording, recording, backend, refuse);
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

/** The state, unless it is that of another backend or works on what is lost; it is released then. */
function current(state: State | undefined, backend: object): State | undefined {
  if (state === undefined || state.kind === 'refused') return state;
  const isStale = state.kind === 'replayed' && state.replay.isStale === true;
  if (state.backend === backend && !isStale) return state;
  releaseState(state);
  return undefined;
}

function recorded<I extends NamedTensorMap, O extends Record<string, Tensor>>(
  recorder: StepRecorder,
  step: Step<I, O>,
  inputs: I,
): ReturnType<typeof recorder.record<I, O>> {
  isRecording = true;
  try {
    return recorder.record(step, inputs);
  } finally {
    isRecording = false;
  }
}

/** Whether the caller differentiates the call, or passes it a variable to set: a graph supports neither. */
function isPartOfMore(inputs: NamedTensorMap): boolean {
  return tf.engine().state.gradientDepth > 0 || Object.values(inputs).some((tensor) => tensor instanceof tf.Variable);
}

/** Moves on from the two recordings of a step to its replay. */
function secondTime(
  { recorder, freeze }: { recorder: StepRecorder; freeze: boolean },
  first: unknown,
  recording: unknown,
  backend: object,
  refuse: (reason: string) => void,
): State | undefined {
  const refusal = recorder.difference(first, recording);
  recorder.release(first);
  if (refusal !== undefined) {
    recorder.release(recording);
    refuse(refusal.message);
    return undefined;
  }
  try {
    return { kind: 'replayed', replay: recorder.load(recording, { freeze }), backend };
  } catch (error) {
    refuse(`The engine does not take the step as a graph: ${shortReason(error)}.`);
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
  if (state.kind === 'recorded') state.recorder.release(state.recording);
  if (state.kind === 'replayed') state.replay.release();
}

/** The key of a graph: the names, types and shapes of the inputs. */
function describeInputs(recorder: StepRecorder, inputs: NamedTensorMap): string {
  return JSON.stringify(
    Object.entries(inputs).map(([name, tensor]) => [name, tensor.dtype, recorder.typeOf(tensor), tensor.shape]),
  );
}
