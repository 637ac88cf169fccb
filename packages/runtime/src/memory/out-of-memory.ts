import { EngineError } from '../engine-error.ts';

/** An engine has not enough memory for a computation. */
export class OutOfMemoryError extends EngineError {
  override name = 'OutOfMemoryError';
}

/** Messages of TensorFlow and the C++ library for a failed allocation. */
const nativeMessages = /OOM when allocating|out of memory|ResourceExhausted|RESOURCE_EXHAUSTED|bad_alloc/i;

/** Whether an error means that memory ran out; errors of TensorFlow's library are known by their messages only. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof OutOfMemoryError) return true;
  return error instanceof Error && nativeMessages.test(error.message);
}
