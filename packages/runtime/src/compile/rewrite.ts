import type { Recording } from './recording.ts';

/** Replaces operations by others of TensorFlow that give the same and are faster. */
export function rewrite(recording: Recording): Recording {
  return recording;
}
