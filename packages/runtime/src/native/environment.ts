import { availableParallelism } from 'node:os';

/** Number of threads that TensorFlow uses; fixed once its library is loaded. */
let threadsInUse: number | undefined;

/**
 * Sets the environment variables that TensorFlow reads when its library loads. Variables that the user has set stay.
 *
 * @returns the number of threads; it cannot change within a process
 */
export function prepareEnvironment(threads: number | undefined): number {
  if (threadsInUse !== undefined) return threadsInUse;
  const environment = process.env;
  // TensorFlow's notes are not for the user of a command line, and its warnings also come as exceptions.
  environment['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // oneDNN's kernels, which TensorFlow enables by itself only for some processors of one maker.
  environment['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  if (threads !== undefined) environment['TF_NUM_INTRAOP_THREADS'] = String(threads);
  threadsInUse = Number(environment['TF_NUM_INTRAOP_THREADS'] ?? availableParallelism());
  return threadsInUse;
}
