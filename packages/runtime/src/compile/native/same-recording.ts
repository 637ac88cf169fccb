import { NotRecordable, type Constant, type Feed, type Recording } from './recording.ts';

/**
 * Finds why two calls of a step did not do the same: the step then depends on something that is not among its inputs,
 * which a graph of one call would freeze.
 */
export function difference(one: Recording, other: Recording): NotRecordable | undefined {
  const number = one.constants.findIndex((constant, k) => !isSameConstant(constant, other.constants[k]));
  if (text(one) !== text(other)) {
    return new NotRecordable(
      'The step does not call the same operations each time; give what it depends on to it as inputs, or take branches outside of it.',
    );
  }
  if (number === -1) return undefined;
  const shape = one.constants[number]!.shape;
  const user = one.nodes.find(({ inputs }) => inputs.some((i) => i.from === 'constant' && i.constant === number));
  return new NotRecordable(
    `The step gives ${user?.operation ?? 'its caller'} ${shape.length === 0 ? 'a number' : `numbers of shape [${shape.join(', ')}]`} from the host that change from call to call, such as random ones; give them to it as an input.`,
  );
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

const numbers = new WeakMap<object, number>();
let count = 0;

function identifyFeed(feed: Feed): string | number {
  if (feed.kind === 'input') return feed.name;
  if (feed.kind === 'variable') return feed.variable.id;
  const { dataId } = feed.tensor;
  if (!numbers.has(dataId)) numbers.set(dataId, count++);
  return numbers.get(dataId)!;
}

function isSameConstant({ values }: Constant, other: Constant | undefined): boolean {
  const bytes = (view: Constant['values']): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return other !== undefined && bytes(values).equals(bytes(other.values));
}
