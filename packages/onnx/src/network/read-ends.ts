import { graphField } from '../writer/encode-model.ts';
import { fieldsOf, readingOnnx, textOf, type Field } from '../writer/read-protobuf.ts';

/** An input or output of a file of ONNX, as it is declared there. */
export interface DeclaredEnd {
  readonly name: string;
  /** `float32` or another; `undefined` for what is no tensor. */
  readonly type?: string;
  /** A number where only that extent will do; `undefined` where nothing is said about the axes. */
  readonly shape?: readonly (number | undefined)[];
}

/** The inputs and outputs of a network. */
export interface DeclaredEnds {
  readonly inputs: readonly DeclaredEnd[];
  readonly outputs: readonly DeclaredEnd[];
}

const elementTypes: Record<number, string> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16',
};

/**
 * Reads the inputs and outputs of a file of ONNX. Weights that old files list among the inputs are left out.
 *
 * @param name what errors call it
 * @throws DataError when it is no file of ONNX, or it is cut off
 */
export function readEnds(file: Uint8Array, name?: string): DeclaredEnds {
  return readingOnnx(file, name, () => {
    const graph = messageAt(file, graphField);
    if (!graph) throw new RangeError('no graph');
    const fields = [...fieldsOf(graph)];
    const contents = (number: number): Uint8Array[] =>
      fields.flatMap(({ field, content }) => (field === number && content ? content : []));
    const weights = new Set(contents(5).map((tensor) => textOf(messageAt(tensor, 8))));
    return {
      inputs: contents(11)
        .map(readEnd)
        .filter(({ name }) => !weights.has(name)),
      outputs: contents(12).map(readEnd),
    };
  });
}

/** `ValueInfoProto`. */
function readEnd(content: Uint8Array): DeclaredEnd {
  const name = textOf(messageAt(content, 1));
  const type = messageAt(content, 2);
  const tensor = type && messageAt(type, 1);
  if (!tensor) return { name };
  const number = fieldAt(tensor, 1)?.value ?? 0;
  const shape = messageAt(tensor, 2);
  return {
    name,
    type: elementTypes[number] ?? `type ${number}`,
    ...(shape && {
      shape: [...fieldsOf(shape)].flatMap(({ content: axis }) => (axis ? [fieldAt(axis, 1)?.value] : [])),
    }),
  };
}

function fieldAt(message: Uint8Array, number: number): Field | undefined {
  for (const one of fieldsOf(message)) if (one.field === number) return one;
  return undefined;
}

function messageAt(message: Uint8Array, number: number): Uint8Array | undefined {
  return fieldAt(message, number)?.content;
}
