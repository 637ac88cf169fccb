// Makes onnxruntime as absent as it is where nobody installed it.
import Module from 'node:module';

const { _resolveFilename: resolve } = Module;
Module._resolveFilename = function (request, ...others) {
  if (!request.startsWith('onnxruntime-')) return resolve.call(this, request, ...others);
  throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
};
