import { expect, it } from 'vitest';
import { encodeEvent, frame } from './event.ts';

it('writes the first record of a file as TensorFlow does', () => {
  // Bytes of a file that tf.summary.create_file_writer wrote, with the time set to 0: length 24, two checksums around
  // 09 <double 0> 1a 0d "brain.Event:2".
  const record = frame(encodeEvent({ wallTime: 0, fileVersion: 'brain.Event:2' }));
  expect(record.subarray(0, 12).toString('hex')).toBe('1800000000000000a37f4b22');
  expect(record.subarray(12, 36).toString('hex')).toBe('0900000000000000001a0d627261696e2e4576656e743a32');
  expect(record).toHaveLength(40);
});

it('writes numbers by name and large steps', () => {
  const event = encodeEvent({ wallTime: 1.5, step: 300, scalars: { a: 0.5 } });
  // 09 1.5 | 10 varint 300 | 2a 0a (summary) 0a 08 (value) 0a 01 'a' 15 float 0.5
  expect(event.toString('hex')).toBe('09000000000000f83f' + '10ac02' + '2a0a0a080a01611500' + '00003f');
});
