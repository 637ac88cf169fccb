import type { Constant, Feed, Recording, Source } from './recording.ts';
import type { GraphAttribute, GraphNode } from './saved-model.ts';

/** A recording as a graph: its nodes, its feeds and its fetches. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** The names of the recording's feeds, in their order. */
  readonly feeds: readonly string[];
  /** The names of the results and then of the updates, in their order. */
  readonly fetches: readonly string[];
}

/**
 * Before TensorFlow runs a graph, it replaces whole powers by products, which round differently from the operation
 * itself; it does not for a node that waits for another one.
 */
const mayNotChange = new Set(['Pow']);

/** Turns a recording into a graph of TensorFlow. */
export function createGraph({ nodes, constants, feeds, results, updates }: Recording): Graph {
  const nameSource = (source: Source): string => {
    if (source.from === 'node') return `n${source.node}:${source.output}`;
    return source.from === 'constant' ? `c${source.constant}:0` : `f${source.feed}:0`;
  };
  const operations = nodes.map(({ operation, inputs, attributes }, index) => ({
    name: `n${index}`,
    operation,
    inputs: [...inputs.map(nameSource), ...(mayNotChange.has(operation) && feeds.length > 0 ? ['^f0'] : [])],
    attributes: attributes as readonly GraphAttribute[],
  }));
  // A graph cannot fetch its feeds: an input that is also a result passes through a node of its own.
  const passed: GraphNode[] = [];
  const fetches = [...results, ...updates].map(({ source }) => {
    if (source.from === 'node') return nameSource(source);
    const { dtype } = source.from === 'constant' ? constants[source.constant]! : feeds[source.feed]!;
    passed.push({
      name: `p${passed.length}`,
      operation: 'Identity',
      inputs: [nameSource(source)],
      attributes: [{ name: 'T', kind: 'type', value: dtype }],
    });
    return `p${passed.length - 1}:0`;
  });
  return {
    nodes: [...feeds.map(placeholder), ...constants.map(constantNode), ...operations, ...passed],
    feeds: feeds.map((_, index) => `f${index}:0`),
    fetches,
  };
}

function placeholder({ dtype, shape }: Feed, index: number): GraphNode {
  const attributes: GraphAttribute[] = [
    { name: 'dtype', kind: 'type', value: dtype },
    { name: 'shape', kind: 'shape', value: shape },
  ];
  return { name: `f${index}`, operation: 'Placeholder', inputs: [], attributes };
}

function constantNode(constant: Constant, index: number): GraphNode {
  const attributes: GraphAttribute[] = [
    { name: 'dtype', kind: 'type', value: constant.dtype },
    { name: 'value', kind: 'tensor', value: constant },
  ];
  return { name: `c${index}`, operation: 'Const', inputs: [], attributes };
}
