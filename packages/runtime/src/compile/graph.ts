import type { Constant, Feed, Recording, Source } from './recording.ts';
import type { GraphAttribute, GraphNode } from './saved-model.ts';

/** What a recording becomes: the nodes of a graph, what is fed, and what is fetched. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** The names of the recording's feeds, in their order. */
  readonly feeds: readonly string[];
  /** The names of the results and then of the updates, in their order. */
  readonly fetches: readonly string[];
}

/**
 * TensorFlow makes products of whole powers before it runs a graph, which rounds otherwise than the operation itself. Not
 * so for a node that waits for another one.
 */
const mayNotChange = new Set(['Pow']);

/** Turns a recording into a graph of TensorFlow. */
export function graphOf({ nodes, constants, feeds, results, updates }: Recording): Graph {
  const nameOf = (source: Source): string => {
    if (source.from === 'node') return `n${source.node}:${source.output}`;
    return source.from === 'constant' ? `c${source.constant}:0` : `f${source.feed}:0`;
  };
  const operations = nodes.map(({ operation, inputs, attributes }, index) => ({
    name: `n${index}`,
    operation,
    inputs: [...inputs.map(nameOf), ...(mayNotChange.has(operation) && feeds.length > 0 ? ['^f0'] : [])],
    attributes: attributes as readonly GraphAttribute[],
  }));
  // What goes out as it came in passes by a node of its own: a graph cannot fetch what it is fed.
  const passed: GraphNode[] = [];
  const fetches = [...results, ...updates].map(({ source }) => {
    if (source.from === 'node') return nameOf(source);
    const { dtype } = source.from === 'constant' ? constants[source.constant]! : feeds[source.feed]!;
    passed.push({
      name: `p${passed.length}`,
      operation: 'Identity',
      inputs: [nameOf(source)],
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
