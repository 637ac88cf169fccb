import { maskedCrc32c } from './crc32c.ts';

/** A record of an event file: its version, scalars by name, or the mark that a process starts. */
export interface TensorBoardEvent {
  /** Seconds since 1970-01-01, UTC. */
  wallTime: number;
  step?: number;
  /** In the first event of a file. */
  fileVersion?: 'brain.Event:2';
  scalars?: Readonly<Record<string, number>>;
  /** TensorBoard ignores what earlier processes recorded from `step` on. */
  sessionStart?: boolean;
}

/** Encodes an event as a protocol buffer message, `Event` of tensorflow/core/util/event.proto. */
export function encodeEvent({ wallTime, step, fileVersion, scalars, sessionStart }: TensorBoardEvent): Buffer {
  const time = Buffer.alloc(8);
  time.writeDoubleLE(wallTime);
  const values = Object.entries(scalars ?? {}).map(([tag, value]) => {
    const number = Buffer.alloc(4);
    number.writeFloatLE(value);
    return message(1, [message(1, [Buffer.from(tag)]), Buffer.from([(2 << 3) | 5]), number]);
  });
  return Buffer.concat([
    Buffer.from([(1 << 3) | 1]),
    time,
    ...(step === undefined ? [] : [integer(2, step)]),
    ...(fileVersion ? [message(3, [Buffer.from(fileVersion)])] : []),
    ...(scalars ? [message(5, values)] : []),
    ...(sessionStart ? [message(7, [integer(1, 1)])] : []),
  ]);
}

/** Frames a message as a TFRecord: length, checksum of the length, message, checksum of the message. */
export function frame(content: Uint8Array): Buffer {
  const record = Buffer.alloc(content.length + 16);
  record.writeBigUInt64LE(BigInt(content.length));
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(content, 12);
  record.writeUInt32LE(maskedCrc32c(content), content.length + 12);
  return record;
}

/** A whole number from 0 to 2⁵³ − 1 as a varint: seven bits a byte, the least significant first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const integer = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);

/** A length-delimited field: text, bytes or a nested message. */
function message(field: number, parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}
