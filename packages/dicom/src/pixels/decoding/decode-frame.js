/*
 * What runs in the worker, in Node and in browsers. In JavaScript, as a worker of the sources must run without a build.
 */

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();

const decoders = { jpeg: 'JPEGDecoder', 'jpeg-ls': 'JpegLSDecoder', 'jpeg-2000': 'J2KDecoder' };

/**
 * Decodes one frame.
 *
 * @param {Record<string, () => Promise<any>>} codecs what loads the codec of each kind
 * @param {{ kind: string, bytes: Uint8Array, bytesPerPixel: number }} job
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, bytesPerPixel: number }>} the pixels, little-endian
 */
async function decodeFrame(codecs, { kind, bytes, bytesPerPixel }) {
  if (!loaded.has(kind)) loaded.set(kind, codecs[kind]());
  const codec = await loaded.get(kind);
  if (kind === 'jpeg-lossless') {
    const width = bytesPerPixel > 1 ? 2 : 1;
    const decoded = new codec.Decoder().decode(bytes.buffer, bytes.byteOffset, bytes.length, width);
    return {
      bytes: new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength).slice(),
      bytesPerPixel: width,
    };
  }
  const decoder = new codec[decoders[kind]]();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { bitsPerSample } = decoder.getFrameInfo();
    // A copy: the codec's memory is used again.
    return { bytes: new Uint8Array(decoder.getDecodedBuffer()), bytesPerPixel: bitsPerSample > 8 ? 2 : 1 };
  } finally {
    decoder.delete();
  }
}

/**
 * Answers jobs, each with its result or with the reason why there is none.
 *
 * @param {Record<string, () => Promise<any>>} codecs
 * @param {any} job
 * @param {(reply: object, transfer: ArrayBuffer[]) => void} reply
 */
export async function answer(codecs, job, reply) {
  try {
    const result = await decodeFrame(codecs, job);
    reply(result, [result.bytes.buffer]);
  } catch (error) {
    // Codecs throw texts and numbers, too.
    reply({ failure: String(error?.message ?? error) }, []);
  }
}
