/** A piece of a message as bytes. Pieces are joined once, at the end, so that weights are copied once. */
export type Chunks = readonly Uint8Array[];

// Wire types of protocol buffers (protobuf.dev/programming-guides/encoding).
const varintType = 0;
const lengthType = 2;
const fixed32Type = 5;

const encoder = new TextEncoder();

/** A whole number in groups of seven bits, the lowest first; a negative one as its 64-bit two's complement. */
export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function tag(field: number, wireType: number): Uint8Array {
  return varint((field << 3) | wireType);
}

/** A field with a whole number, also of an enumeration. */
export function integerField(field: number, value: number | bigint): Chunks {
  return [tag(field, varintType), varint(value)];
}

/** A field with a number of 32 bits. */
export function floatField(field: number, value: number): Chunks {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [tag(field, fixed32Type), bytes];
}

/** A field with bytes. */
export function bytesField(field: number, content: Uint8Array): Chunks {
  return [tag(field, lengthType), varint(content.byteLength), content];
}

/** A field with text. */
export function textField(field: number, content: string): Chunks {
  return bytesField(field, encoder.encode(content));
}

/** A field with a message, which consists of fields. */
export function messageField(field: number, fields: readonly Chunks[]): Chunks {
  const content = fields.flat();
  return [tag(field, lengthType), varint(totalLength(content)), ...content];
}

/** The bytes of a message. */
export function encodeMessage(fields: readonly Chunks[]): Uint8Array {
  const chunks = fields.flat();
  const result = new Uint8Array(totalLength(chunks));
  let offset = 0;
  for (const chunk of chunks) {
    result.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return result;
}

function totalLength(chunks: Chunks): number {
  return chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
