/** A field of a message: its number, and its content where it is bytes, text or a message. */
export interface Field {
  readonly field: number;
  readonly content?: Uint8Array;
}

/**
 * The fields of a message, in order; numbers are passed over.
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
        varint();
        yield { field };
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
