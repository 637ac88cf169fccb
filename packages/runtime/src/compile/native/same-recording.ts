import { changingNumbers, changingOperations, Identities, type NotRecordable } from '../step-recorder.ts';
import type { Constant, Feed, Recording } from './recording.ts';

/**
 * Finds why two calls of a step did not do the same: the step then depends on something that is not among its inputs,
 * which a graph of one call would freeze.
 */
export function difference(one: Recording, other: Recording): NotRecordable | undefined {
  const number = one.constants.findIndex((constant, k) => !isSameConstant(constant, other.constants[k]));
  if (text(one) !== text(other)) return changingOperations();
  if (number === -1) return undefined;
  const user = one.nodes.find(({ inputs }) => inputs.some((i) => i.from === 'constant' && i.constant === number));
  return changingNumbers(user?.operation, one.constants[number]!.shape);
}

/** All of a recording but the values of its constants. */
function text({ nodes, constants, feeds, results, updates }: Recording): string {
  return JSON.stringify([
    nodes,
    constants.map(({ dtype, shape }) => [dtype, shape]),
    feeds.map((feed) => [feed.kind, identifyFeed(feed), feed.dtype, feed.shape]),
    results,
    updates.map(({ variable, source }) => [variable.id, source]),
  ]);
}

const held = new Identities();

function identifyFeed(feed: Feed): string | number {
  if (feed.kind === 'input') return feed.name;
  return feed.kind === 'variable' ? feed.variable.id : held.of(feed.tensor.dataId);
}

function isSameConstant({ values }: Constant, other: Constant | undefined): boolean {
  const bytes = (view: Constant['values']): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return other !== undefined && bytes(values).equals(bytes(other.values));
}
