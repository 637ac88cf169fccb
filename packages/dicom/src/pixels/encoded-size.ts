import type { CodecKind } from './decoding/decode-worker.ts';

/** Columns and rows that an encoded frame promises, with its bits and samples. */
export interface EncodedSize {
  readonly columns: number;
  readonly rows: number;
  readonly bits: number;
  readonly samples: number;
}

/**
 * What a frame of JPEG, JPEG-LS or JPEG 2000 says about its size, which a codec would allocate.
 *
 * @returns undefined if the bytes do not begin as such a frame
 */
export function encodedSize(bytes: Uint8Array, kind: CodecKind): EncodedSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return kind === 'jpeg-2000' ? sizeOfJpeg2000(view) : sizeOfJpeg(view);
}

/** The marker SIZ follows the start of the codestream, which a file JP2 has in a box. */
function sizeOfJpeg2000(view: DataView): EncodedSize | undefined {
  let at = 0;
  if (view.byteLength >= 12 && view.getUint32(4) === 0x6a502020) {
    while (at + 8 <= view.byteLength && view.getUint32(at + 4) !== 0x6a703263) {
      const length = view.getUint32(at);
      if (length < 8) return undefined;
      at += length;
    }
    at += 8;
  }
  if (at + 42 > view.byteLength || view.getUint32(at) !== 0xff4fff51) return undefined;
  const [right, bottom, left, top] = [8, 12, 16, 20].map((place) => view.getUint32(at + place)) as [
    number,
    number,
    number,
    number,
  ];
  return {
    columns: right - left,
    rows: bottom - top,
    samples: view.getUint16(at + 40),
    bits: at + 42 < view.byteLength ? (view.getUint8(at + 42) & 0x7f) + 1 : 0,
  };
}

/** The first marker that starts a frame: SOF0–3, 5–7, 9–11, 13–15, or JPEG-LS' 55. */
function sizeOfJpeg(view: DataView): EncodedSize | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 10 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame) {
      return {
        bits: view.getUint8(at + 4),
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        samples: view.getUint8(at + 9),
      };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
