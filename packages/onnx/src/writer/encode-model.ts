import {
  bytesField,
  encodeMessage,
  floatField,
  integerField,
  messageField,
  textField,
  type Chunks,
} from './protobuf.ts';

/** An attribute of a node: a whole number, text, a list of whole numbers, or a number of 32 bits. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** One operator of ONNX with its inputs and outputs by name. */
export interface OnnxNode {
  readonly operator: string;
  readonly name: string;
  /** An empty name stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant: weights, or whole numbers of 64 bits as shapes need them. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** An input or output of the whole graph. A name in place of an extent says that any extent will do. */
export interface OnnxEnd {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** What a file of ONNX holds. */
export interface OnnxModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  readonly input: OnnxEnd;
  readonly output: OnnxEnd;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Version 17 of the operators, which every runtime since 2022 knows. Nothing here needs a newer one. */
const operatorSet = 17;
/** The version of the file format that came with it. */
const irVersion = 8;
/** The field of `ModelProto` with the graph. */
export const graphField = 7;
/** The field of `ModelProto` with the metadata. */
export const metadataField = 14;

const elementTypes = { float: 1, int64: 7 } as const;
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

/**
 * The bytes of a model. Field numbers are those of `onnx.proto3` (ONNX 1.12). The version of the writer is left out, so that
 * the same network always gives the same bytes.
 */
export function encodeModel({ name, nodes, tensors, input, output, metadata }: OnnxModel): Uint8Array {
  const graph = [
    ...nodes.map(encodeNode),
    textField(2, name),
    ...tensors.map(encodeTensor),
    encodeEnd(11, input),
    encodeEnd(12, output),
  ];
  return encodeMessage([
    integerField(1, irVersion),
    textField(2, 'interseg'),
    messageField(graphField, graph),
    messageField(8, [textField(1, ''), integerField(2, operatorSet)]),
    ...Object.entries(metadata).map(([key, value]) =>
      messageField(metadataField, [textField(1, key), textField(2, value)]),
    ),
  ]);
}

/** `NodeProto`. */
function encodeNode({ operator, name, inputs, outputs, attributes }: OnnxNode): Chunks {
  return messageField(1, [
    ...inputs.map((one) => textField(1, one)),
    ...outputs.map((one) => textField(2, one)),
    textField(3, name),
    textField(4, operator),
    ...Object.entries(attributes).map(encodeAttribute),
  ]);
}

/** `AttributeProto`. */
function encodeAttribute([name, value]: [string, OnnxAttribute]): Chunks {
  const encode = (type: keyof typeof attributeTypes, values: readonly Chunks[]): Chunks =>
    messageField(5, [textField(1, name), ...values, integerField(20, attributeTypes[type])]);
  if (typeof value === 'number') return encode('int', [integerField(3, value)]);
  if (typeof value === 'string') return encode('string', [textField(4, value)]);
  if ('float' in value) return encode('float', [floatField(2, value.float)]);
  return encode(
    'ints',
    value.map((one) => integerField(8, one)),
  );
}

/** `TensorProto` with its values as bytes, in the order of all machines that run JavaScript: little-endian. */
function encodeTensor({ name, shape, data }: OnnxTensor): Chunks {
  return messageField(5, [
    ...shape.map((extent) => integerField(1, extent)),
    integerField(2, data instanceof BigInt64Array ? elementTypes.int64 : elementTypes.float),
    textField(8, name),
    bytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ]);
}

/** `ValueInfoProto` of a tensor of floats. */
function encodeEnd(field: number, { name, shape }: OnnxEnd): Chunks {
  const dimensions = shape.map((extent) =>
    messageField(1, [typeof extent === 'string' ? textField(2, extent) : integerField(1, extent)]),
  );
  const tensorType = [integerField(1, elementTypes.float), messageField(2, dimensions)];
  return messageField(field, [textField(1, name), messageField(2, [messageField(1, tensorType)])]);
}
