import { describe, expect, it } from 'vitest';
import { bytesField, encodeMessage, floatField, integerField, messageField, textField, varint } from './protobuf.ts';
import { fieldsOf } from './read-protobuf.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the examples of the documentation of protocol buffers', () => {
  it('150 as field 1', () => expect(hex(encodeMessage([integerField(1, 150)]))).toBe('089601'));
  it('text as field 2', () => expect(hex(encodeMessage([textField(2, 'testing')]))).toBe('120774657374696e67'));
  it('a message as field 3', () => {
    expect(hex(encodeMessage([messageField(3, [integerField(1, 150)])]))).toBe('1a03089601');
  });
  it('−2 as 64 bits in ten bytes', () => expect(hex(varint(-2))).toBe('feffffffffffffffff01'));
});

it('numbers of 32 bits are little-endian, as IEEE 754 has them', () => {
  expect(hex(encodeMessage([floatField(2, 1.5)]))).toBe('150000c03f');
});

describe('fieldsOf', () => {
  const message = encodeMessage([
    integerField(1, 2n ** 60n),
    floatField(2, 1),
    bytesField(300, Uint8Array.of(7, 8)),
    textField(15, ''),
  ]);

  it('reads what was written, and passes over numbers of a fixed size', () => {
    expect([...fieldsOf(message)]).toEqual([
      { field: 1, value: 2 ** 60 },
      { field: 2 },
      { field: 300, content: Uint8Array.of(7, 8) },
      { field: 15, content: new Uint8Array(0) },
    ]);
  });

  it('notices wherever a message is cut off within a field', () => {
    const ends = [0, 10, 15, 20, 22];
    for (let length = 0; length <= message.byteLength; length++) {
      const read = (): unknown => [...fieldsOf(message.subarray(0, length))];
      if (ends.includes(length)) expect(read).not.toThrow();
      else expect(read, `${length} bytes`).toThrow(RangeError);
    }
  });
});
