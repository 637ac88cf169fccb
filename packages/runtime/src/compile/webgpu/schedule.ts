import type { Variable } from '@tensorflow/tfjs-core';
import type { Dispatch, Recording } from './recording.ts';

/** What a replay runs, and where each value has its place meanwhile. */
export interface Schedule {
  /** The programs on which a result or a variable depends, in their order. */
  readonly dispatches: readonly Dispatch[];
  /** The values that these use, and those that are results or become variables. */
  readonly used: ReadonlySet<number>;
  /** The sizes in bytes of the buffers that computed values share. */
  readonly buffers: readonly number[];
  /** For each computed value the number of its buffer, or the variable in whose buffer it is computed. */
  readonly places: ReadonlyMap<number, number | Variable>;
}

/**
 * Plans a replay: leaves out what nothing depends on, lets values that are not needed at the same time share a buffer,
 * and computes the new value of a variable in the variable's own buffer where its old value is no longer needed.
 */
export function schedule(recording: Recording): Schedule {
  const { values } = recording;
  const wanted = [...recording.results, ...recording.updates].map(({ value }) => value);
  const used = new Set(wanted);
  const dispatches: Dispatch[] = [];
  for (const dispatch of [...recording.dispatches].reverse()) {
    if (!used.has(dispatch.output)) continue;
    dispatch.inputs.forEach((value) => used.add(value));
    dispatches.push(dispatch);
  }
  dispatches.reverse();
  const [firstUse, lastUse] = [new Map<number, number>(), new Map<number, number>()];
  dispatches.forEach(({ output, inputs }, at) => {
    for (const value of [output, ...inputs]) {
      if (!firstUse.has(value)) firstUse.set(value, at);
      lastUse.set(value, at);
    }
  });
  for (const value of wanted) lastUse.set(value, Infinity);

  const places = new Map<number, number | Variable>();
  const oldValue = new Map(values.map(({ source }, value) => [source.from === 'variable' && source.variable, value]));
  for (const { variable, value } of recording.updates) {
    const old = oldValue.get(variable);
    const isFree = old === undefined || (lastUse.get(old) ?? -1) < firstUse.get(value)!;
    if (values[value]!.source.from === 'program' && !places.has(value) && isFree) places.set(value, variable);
  }

  const buffers: number[] = [];
  const free = new Map<number, number[]>();
  const freeOf = (bytes: number): number[] => {
    if (!free.has(bytes)) free.set(bytes, []);
    return free.get(bytes)!;
  };
  dispatches.forEach(({ output, inputs }, at) => {
    const { bytes } = values[output]!;
    if (!places.has(output)) places.set(output, freeOf(bytes).pop() ?? buffers.push(bytes) - 1);
    for (const value of new Set([output, ...inputs])) {
      const place = places.get(value);
      if (lastUse.get(value) === at && typeof place === 'number') freeOf(values[value]!.bytes).push(place);
    }
  });
  return { dispatches, used, buffers, places };
}
