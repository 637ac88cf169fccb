import { answer } from './decode-frame.js';

/** The codecs of Cornerstone3D compiled to JavaScript: slower, but bundlers find all of them. */
const codecs = {
  jpeg: async () => (await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decode')).default(),
  'jpeg-ls': async () => (await import('@cornerstonejs/codec-charls/decode')).default(),
  'jpeg-2000': async () => (await import('@cornerstonejs/codec-openjpeg/decode')).default(),
  'jpeg-lossless': () => import('jpeg-lossless-decoder-js'),
};

self.onmessage = ({ data }) => void answer(codecs, data, (reply, transfer) => self.postMessage(reply, transfer));
