import { bytes, type Encoded, float, integer } from './protobuf.ts';

/** A node of a TensorFlow graph. */
export interface GraphNode {
  readonly name: string;
  readonly operation: string;
  /** `name:output`, or `^name` of a node that only has to run before. */
  readonly inputs: readonly string[];
  readonly attributes: readonly GraphAttribute[];
}

export type GraphAttribute = { readonly name: string } & (
  | { readonly kind: 'string'; readonly value: string | readonly string[] }
  | { readonly kind: 'int' | 'float' | 'type'; readonly value: number | readonly number[] }
  | { readonly kind: 'bool'; readonly value: boolean | readonly boolean[] }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: GraphTensor }
);

export interface GraphTensor {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** The tag of the graph. */
export const servingTag = 'serve';

/** The GraphDef producer version by which attributes are read: that of TensorFlow 2.21. */
const producer = 1994;

/** The bytes of a `saved_model.pb` with one graph and no variables: SavedModel → MetaGraphDef → GraphDef → NodeDef. */
export function encodeSavedModel(nodes: readonly GraphNode[]): Buffer {
  const versions = bytes(4, [integer(1, producer)]);
  const graph = [...nodes.map((node) => bytes(1, encodeNode(node))), versions];
  const metaGraph = [bytes(1, [bytes(4, servingTag)]), bytes(2, graph)];
  return Buffer.concat([integer(1, 1), bytes(2, metaGraph)]);
}

function encodeNode({ name, operation, inputs, attributes }: GraphNode): Encoded[] {
  return [
    bytes(1, name),
    bytes(2, operation),
    ...inputs.map((input) => bytes(3, input)),
    ...attributes.map((attribute) => bytes(5, [bytes(1, attribute.name), bytes(2, encodeValue(attribute))])),
  ];
}

/** An AttrValue; a list of values is a message of its own in field 1. */
function encodeValue(attribute: GraphAttribute): Encoded[] {
  if (attribute.kind === 'shape') return [bytes(7, encodeShape(attribute.value))];
  if (attribute.kind === 'tensor') return [bytes(8, encodeTensor(attribute.value))];
  const { kind, value } = attribute;
  if (Array.isArray(value)) {
    return [
      bytes(
        1,
        (value as (string | number | boolean)[]).map((one) => encodeScalar(kind, one)),
      ),
    ];
  }
  return [encodeScalar(kind, value as string | number | boolean)];
}

function encodeScalar(kind: 'string' | 'int' | 'float' | 'bool' | 'type', value: string | number | boolean): Encoded {
  if (kind === 'string') return bytes(2, String(value));
  if (kind === 'float') return float(4, Number(value));
  return integer({ int: 3, bool: 5, type: 6 }[kind], Number(value));
}

function encodeTensor({ dtype, shape, values }: GraphTensor): Encoded[] {
  const content = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return [integer(1, dtype), bytes(2, encodeShape(shape)), bytes(4, content)];
}

function encodeShape(shape: readonly number[]): Encoded[] {
  return shape.map((size) => bytes(2, [integer(1, size)]));
}
