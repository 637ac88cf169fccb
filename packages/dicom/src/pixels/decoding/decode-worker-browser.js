import jpegLs from '@cornerstonejs/codec-charls/decode';
import jpeg from '@cornerstonejs/codec-libjpeg-turbo-8bit/decode';
import jpeg2000 from '@cornerstonejs/codec-openjpeg/decode';
import * as lossless from 'jpeg-lossless-decoder-js';
import { answer } from './decode-frame.js';

/**
 * The codecs of Cornerstone3D compiled to JavaScript: slower, but bundlers find all of them. In one file, as by default
 * Vite makes workers that cannot load parts later; the worker itself is loaded when there is something to decode.
 */
const codecs = {
  jpeg: () => jpeg(),
  'jpeg-ls': () => jpegLs(),
  'jpeg-2000': () => jpeg2000(),
  'jpeg-lossless': () => lossless,
};

self.onmessage = ({ data }) => void answer(codecs, data, (reply, transfer) => self.postMessage(reply, transfer));
