import type { Variable } from '@tensorflow/tfjs-core';
import { fuse, type Work } from './fusion/fuse.ts';
import type { Dispatch, Recording } from './recording.ts';

/** What a replay runs, and where each value has its place meanwhile. */
export interface Schedule {
  /** The programs on which a result or a variable depends, in their order. */
  readonly works: readonly Work[];
  /** The values that these use, and those that are results or become variables. */
  readonly used: ReadonlySet<number>;
  /** The sizes in bytes of the buffers that computed values share. */
  readonly buffers: readonly number[];
  /** For each computed value the number of its buffer, or the variable in whose buffer it is computed. */
  readonly places: ReadonlyMap<number, number | Variable>;
}

/**
 * Plans a replay: leaves out what nothing depends on, fuses what can be, lets values that are not needed at the same time
 * share a buffer, and computes the new value of a variable in the variable's own buffer where its old value is no longer
 * needed.
 *
 * @param mostBuffers that a program may have
 */
export function schedule(recording: Recording, mostBuffers: number): Schedule {
  const { values } = recording;
  const wanted = [...recording.results, ...recording.updates].map(({ value }) => value);
  const works = fuse(recording, neededDispatches(recording, wanted), mostBuffers);
  const used = new Set([...wanted, ...works.flatMap(({ inputs, outputs }) => [...inputs, ...outputs])]);
  const [firstUse, lastUse] = [new Map<number, number>(), new Map<number, number>()];
  works.forEach(({ outputs, inputs }, at) => {
    for (const value of [...outputs, ...inputs]) {
      if (!firstUse.has(value)) firstUse.set(value, at);
      lastUse.set(value, at);
    }
  });
  for (const value of wanted) lastUse.set(value, Infinity);

  const places = new Map<number, number | Variable>();
  const oldValue = new Map(values.map(({ source }, value) => [source.from === 'variable' && source.variable, value]));
  for (const { variable, value } of recording.updates) {
    if (values[value]!.source.from !== 'program' || places.has(value)) continue;
    const old = oldValue.get(variable);
    const [last, first] = [old === undefined ? -1 : (lastUse.get(old) ?? -1), firstUse.get(value)!];
    if (last < first || (last === first && works[first]!.replaceable.has(old!))) places.set(value, variable);
  }

  const buffers: number[] = [];
  const free = new Map<number, number[]>();
  const freeOf = (bytes: number): number[] => {
    if (!free.has(bytes)) free.set(bytes, []);
    return free.get(bytes)!;
  };
  works.forEach(({ outputs, inputs }, at) => {
    for (const output of outputs) {
      const { bytes } = values[output]!;
      if (!places.has(output)) places.set(output, freeOf(bytes).pop() ?? buffers.push(bytes) - 1);
    }
    for (const value of new Set([...outputs, ...inputs])) {
      const place = places.get(value);
      if (lastUse.get(value) === at && typeof place === 'number') freeOf(values[value]!.bytes).push(place);
    }
  });
  return { works, used, buffers, places };
}

/** The programs on which values depend. */
function neededDispatches({ dispatches }: Recording, wanted: readonly number[]): Dispatch[] {
  const needed = new Set(wanted);
  const chosen = [...dispatches].reverse().filter(({ output, inputs }) => {
    if (!needed.has(output)) return false;
    for (const value of inputs) needed.add(value);
    return true;
  });
  return chosen.reverse();
}
