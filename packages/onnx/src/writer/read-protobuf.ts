import { DataError } from '@interseg/errors';

/** A field of a message: its number, and its content where it is bytes, text or a message, or a whole number. */
export interface Field {
  readonly field: number;
  readonly content?: Uint8Array;
  readonly value?: number;
}

/**
 * The fields of a message, in order; numbers of a fixed size are passed over.
 *
 * @throws RangeError when the bytes end within a field, or are no message
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (offset >= message.byteLength) throw new RangeError('cut off within a number');
      const byte = message[offset++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number of more than 64 bits');
  };
  const skip = (length: number): Uint8Array => {
    if (offset + length > message.byteLength) throw new RangeError('cut off within a field');
    return message.subarray(offset, (offset += length));
  };
  while (offset < message.byteLength) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    if (field === 0) throw new RangeError('a field without a number');
    switch (tag % 8) {
      case 0:
        yield { field, value: varint() };
        break;
      case 1:
        skip(8);
        yield { field };
        break;
      case 2:
        yield { field, content: skip(varint()) };
        break;
      case 5:
        skip(4);
        yield { field };
        break;
      default:
        throw new RangeError('a field of an unknown type');
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text of a field. @throws TypeError when it is not UTF-8 */
export function textOf(content: Uint8Array | undefined): string {
  return decoder.decode(content);
}

/**
 * Reads a file of ONNX.
 *
 * @param name what errors call the file, where it has a name
 * @throws DataError when it is none, or it is cut off
 */
export function readingOnnx<T>(file: Uint8Array, name: string | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const found = `${name === undefined ? 'F' : `${name}: f`}ound ${file.byteLength} bytes`;
    const reason = (error as Error).message;
    throw new DataError(`${found} that are not ONNX (${reason}), expected the content of a file of ONNX.`, {
      cause: error,
    });
  }
}
