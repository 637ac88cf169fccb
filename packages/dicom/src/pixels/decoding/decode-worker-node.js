import { parentPort } from 'node:worker_threads';
import { answer } from './decode-frame.js';

/** The codecs of Cornerstone3D in WebAssembly, which lies beside them. */
const codecs = {
  jpeg: async () => (await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs')).default(),
  'jpeg-ls': async () => (await import('@cornerstonejs/codec-charls/decodewasmjs')).default(),
  'jpeg-2000': async () => (await import('@cornerstonejs/codec-openjpeg/decodewasmjs')).default(),
  'jpeg-lossless': () => import('jpeg-lossless-decoder-js'),
};

parentPort.on('message', (job) => answer(codecs, job, (reply, transfer) => parentPort.postMessage(reply, transfer)));
