import { changingNumbers, changingOperations, Identities, type NotRecordable } from '../step-recorder.ts';
import { deviceValues } from './gpu-backend.ts';
import type { Recording, Source, Value } from './recording.ts';

/** Finds why two calls of a step did not do the same: the step then depends on something that is not among its inputs. */
export function difference(one: Recording, other: Recording): NotRecordable | undefined {
  if (text(one) !== text(other)) return changingOperations();
  const value = one.values.findIndex((constant, number) => !hasSameNumbers(constant, other.values[number]!));
  if (value !== -1) {
    const user = one.dispatches.find(({ inputs }) => inputs.includes(value));
    return changingNumbers(user?.operation, one.values[value]!.shape);
  }
  const dispatch = one.dispatches.findIndex(
    ({ uniforms }, number) => !isSame(uniforms, other.dispatches[number]!.uniforms),
  );
  return dispatch === -1 ? undefined : changingNumbers(one.dispatches[dispatch]!.operation, []);
}

const pipelines = new Identities();
const outside = new Identities();

/** All of a recording but its numbers from the host. */
function text({ values, dispatches, results, updates }: Recording): string {
  return JSON.stringify([
    values.map(({ source, dtype, shape }) => [source.from, identify(source), dtype, shape]),
    dispatches.map(({ operation, pipeline, workgroups, output, inputs, uniforms }) => {
      return [operation, pipelines.of(pipeline), workgroups, output, inputs, uniforms.length];
    }),
    results,
    updates.map(({ variable, value }) => [variable.id, value]),
  ]);
}

function identify(source: Source): string | number | undefined {
  if (source.from === 'input') return source.name;
  if (source.from === 'variable') return source.variable.id;
  return source.from === 'outside' ? outside.of(source.tensor.dataId) : undefined;
}

function hasSameNumbers({ source, dtype }: Value, other: Value): boolean {
  if (source.from !== 'host' || other.source.from !== 'host') return true;
  return isSame(bytesOf(deviceValues(source.values, dtype)), bytesOf(deviceValues(other.source.values, dtype)));
}

/** The bytes of an array. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
