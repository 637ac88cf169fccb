import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';

/** A step that can be recorded: a pure function of its inputs and of variables, which it may set. */
export type Step<I extends NamedTensorMap, O extends Record<string, Tensor>> = (inputs: I) => O;

/** Why a step cannot be replayed, in one sentence. The step itself has done its work. */
export class NotRecordable extends Error {
  override name = 'NotRecordable';
}

/** Records the calls of steps on one engine, and replays them. `Recording` is what it keeps of a call. */
export interface StepRecorder<Recording = unknown> {
  /** The type in which the engine holds an input: a recording is for inputs of equal names, types and shapes. */
  typeOf(input: Tensor): string;
  /** Runs a step and records what it does. Rethrows the errors of the step. */
  record<I extends NamedTensorMap, O extends Record<string, Tensor>>(
    step: Step<I, O>,
    inputs: I,
  ): Recorded<O, Recording>;
  /** Why two calls of a step did not do the same, if they did not; a replay of one would freeze what changes. */
  difference(one: Recording, other: Recording): NotRecordable | undefined;
  /** Makes a recording ready to run. Takes it over; where that fails, the recording is released. */
  load(recording: Recording, options?: LoadOptions): Replay;
  /** Releases the tensors that a recording holds. */
  release(recording: Recording): void;
}

/** The result of a recorded call of a step. */
export interface Recorded<O, Recording> {
  /** What the step returned; it has done its work. */
  readonly outputs: O;
  /** Absent when the step created variables, as an optimiser does in its first call: the next call can be recorded. */
  readonly recording?: Recording;
  readonly refusal?: NotRecordable;
}

/** How a recording is made ready. */
export interface LoadOptions {
  /** Whether variables may be taken as they are now, if that is faster; the replay is stale once one of them is set. */
  readonly freeze?: boolean;
}

/** A recording that the engine runs as one. */
export interface Replay {
  /**
   * Whether the engine lost what the replay works on, such as variables that another engine took over, or a variable that
   * is a constant of the replay was set.
   */
  readonly isStale?: boolean;
  run(inputs: NamedTensorMap): Record<string, Tensor>;
  release(): void;
}

/**
 * The refusal of a step that reads a tensor on the host: the value could decide what the step does next, which a replay
 * does not repeat.
 */
export function readsOnHost({
  input,
  variable,
  operation,
}: {
  input?: string;
  variable?: Variable;
  operation?: string;
}): NotRecordable {
  const what =
    input !== undefined
      ? `the input ${input}`
      : variable !== undefined
        ? `the variable ${variable.name}`
        : operation !== undefined
          ? `the result of the operation ${operation}`
          : 'a tensor that was made before';
  return new NotRecordable(`The step reads ${what} on the host; compute with tensors, or read what the step returns.`);
}

/** The refusal of a step that calls other operations in its second call. */
export function changingOperations(): NotRecordable {
  return new NotRecordable(
    'The step does not call the same operations each time; give what it depends on to it as inputs, or take branches outside of it.',
  );
}

/** The refusal of a step that gives an operation other numbers in its second call. */
export function changingNumbers(operation: string | undefined, shape: readonly number[]): NotRecordable {
  const numbers =
    shape.length === 0
      ? 'a number from the host that changes'
      : `numbers of shape [${shape.join(', ')}] from the host that change`;
  return new NotRecordable(
    `The step gives ${operation ?? 'its caller'} ${numbers} from call to call, such as random ones; give them to it as an input.`,
  );
}

/** Numbers for objects, to tell them apart in a text. */
export class Identities {
  private readonly numbers = new WeakMap<object, number>();
  private count = 0;

  of(one: object): number {
    const known = this.numbers.get(one);
    if (known !== undefined) return known;
    this.numbers.set(one, this.count);
    return this.count++;
  }
}

/**
 * Makes the data of all inputs distinct: copies an input that shares its data with another or with
 * one of the variables.
 */
export function separateInputs<I extends NamedTensorMap>(
  given: I,
  variables: Iterable<object>,
  copyOf: (tensor: Tensor) => Tensor,
): { inputs: I; dispose: () => void } {
  const taken = new Set(variables);
  const copies: Tensor[] = [];
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, tensor]) => {
      if (!taken.has(tensor.dataId)) {
        taken.add(tensor.dataId);
        return [name, tensor];
      }
      copies.push(tf.keep(copyOf(tensor)));
      return [name, copies.at(-1)];
    }),
  ) as I;
  return { inputs, dispose: () => tf.dispose(copies) };
}
