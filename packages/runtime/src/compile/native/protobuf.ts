/** A field of a protocol buffer message, encoded. See https://protobuf.dev/programming-guides/encoding. */
export type Encoded = Buffer;

/** An unsigned or two's complement integer of 64 bits, seven bits a byte, least significant first. */
function varint(value: number | bigint): Encoded {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const tag = (field: number, wireType: number): Encoded => varint((field << 3) | wireType);

/** An integer, a boolean or a value of an enumeration. */
export function integer(field: number, value: number | bigint): Encoded {
  return Buffer.concat([tag(field, 0), varint(value)]);
}

/** Text, bytes, or a message inside a message. */
export function bytes(field: number, value: string | Uint8Array | readonly Encoded[]): Encoded {
  const content =
    typeof value === 'string' ? Buffer.from(value) : Array.isArray(value) ? Buffer.concat(value as Encoded[]) : value;
  return Buffer.concat([tag(field, 2), varint((content as Uint8Array).length), content as Uint8Array]);
}

/** A number in single precision. */
export function float(field: number, value: number): Encoded {
  const content = Buffer.alloc(4);
  content.writeFloatLE(value);
  return Buffer.concat([tag(field, 5), content]);
}
