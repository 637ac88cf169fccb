import { createRequire } from 'node:module';

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  setNearLossless?(loss: number): void;
  setDecompositions?(levels: number): void;
  setQuality?(lossless: boolean, quality: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}

type Codec = () => Promise<Record<string, new () => Encoder>>;

const codecs = {
  jpegLs: ['@cornerstonejs/codec-charls', 'JpegLSEncoder'],
  jpeg2000: ['@cornerstonejs/codec-openjpeg', 'J2KEncoder'],
} as const;

/** Encodes pixels of 8 or 16 bits without loss, as one fragment. */
export async function encode(
  codec: keyof typeof codecs,
  pixels: Uint8Array | Uint16Array,
  { columns, rows }: { columns: number; rows: number },
): Promise<Uint8Array> {
  const [source, name] = codecs[codec];
  const load = createRequire(import.meta.url)(source) as Codec;
  const encoder = new (await load())[name]!();
  const bitsPerSample = 8 * pixels.BYTES_PER_ELEMENT;
  const target = encoder.getDecodedBuffer({
    width: columns,
    height: rows,
    bitsPerSample,
    componentCount: 1,
    isSigned: false,
  });
  target.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  encoder.setNearLossless?.(0);
  encoder.setDecompositions?.(2);
  encoder.setQuality?.(true, 0);
  encoder.encode();
  return Uint8Array.from(encoder.getEncodedBuffer());
}

/** A frame of RLE: literal bytes in pieces of at most 128, with runs where a byte is repeated. */
export function encodeRle(pixels: Uint8Array | Uint16Array): Uint8Array {
  const width = pixels.BYTES_PER_ELEMENT;
  const segments = Array.from({ length: width }, (_, segment) =>
    packBits(Array.from(pixels, (value) => (value >> (8 * (width - 1 - segment))) & 0xff)),
  );
  const head = new DataView(new ArrayBuffer(64));
  head.setUint32(0, width, true);
  let at = 64;
  segments.forEach((segment, index) => {
    head.setUint32(4 + 4 * index, at, true);
    at += segment.length;
  });
  return Uint8Array.from([...new Uint8Array(head.buffer), ...segments.flat()]);
}

function packBits(bytes: readonly number[]): number[] {
  const packed: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run > 1) {
      packed.push(257 - run, bytes[at]!);
    } else {
      let end = at + 1;
      while (end < bytes.length && end - at < 128 && bytes[end] !== bytes[end + 1]) end++;
      run = end - at;
      packed.push(run - 1, ...bytes.slice(at, end));
    }
    at += run;
  }
  return packed.length % 2 ? [...packed, 128] : packed;
}
