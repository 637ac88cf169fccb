import { EngineError } from '../engine-error.ts';

/** An engine has no memory left for what it was to compute. */
export class OutOfMemoryError extends EngineError {
  override name = 'OutOfMemoryError';
}

/** What TensorFlow and the C++ library say when an allocation fails. */
const nativeMessages = /OOM when allocating|out of memory|ResourceExhausted|RESOURCE_EXHAUSTED|bad_alloc/i;

/** Whether an error means that memory ran out; TensorFlow's library has its messages alone to tell by. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof OutOfMemoryError) return true;
  return error instanceof Error && nativeMessages.test(error.message);
}
