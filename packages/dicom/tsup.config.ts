import { library } from '../../tools/build/tsup.ts';

export default library(
  {
    index: 'src/index.ts',
    browser: 'src/browser.ts',
    'decode-worker-node': 'src/pixels/decoding/decode-worker-node.js',
    'decode-worker-browser': 'src/pixels/decoding/decode-worker-browser.js',
  },
  // It asks for a native module of Rollup, which nobody who decodes needs.
  ['jpeg-lossless-decoder-js'],
);
