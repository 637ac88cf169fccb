import { availableParallelism } from 'node:os';

/** How many threads TensorFlow was told to use; fixed once its library is loaded. */
let threadsInUse: number | undefined;

/**
 * Sets what TensorFlow reads from the environment when its library loads. What the user has set there stays.
 *
 * @returns how many threads compute; another number than before cannot be had in one process
 */
export function prepareEnvironment(threads: number | undefined): number {
  if (threadsInUse !== undefined) return threadsInUse;
  const environment = process.env;
  // TensorFlow's notes are not for the user of a command line, and its warnings come as exceptions, too.
  environment['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // oneDNN's kernels; TensorFlow itself switches them on for some processors of one maker alone.
  environment['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  if (threads !== undefined) environment['TF_NUM_INTRAOP_THREADS'] = String(threads);
  threadsInUse = Number(environment['TF_NUM_INTRAOP_THREADS'] ?? availableParallelism());
  return threadsInUse;
}
