import { DataError } from '../../errors.ts';
import { subjectOf, type Task } from './tasks.ts';

/** What a worker thread answers. */
export type Answer = { readonly result: unknown } | { readonly error: SentError };

/** An error as it travels between threads, where its class would be lost. */
export interface SentError {
  readonly isDataError: boolean;
  readonly message: string;
  readonly stack?: string;
}

/** Packs what a task threw; an error that is not about the user's input gets the name of what was worked on. */
export function packError(error: unknown, task: Task): SentError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const isDataError = error instanceof DataError;
  return { isDataError, message: isDataError ? message : `${subjectOf(task)}: ${message}`, stack };
}

export function unpackError({ isDataError, message, stack }: SentError): Error {
  const error = isDataError ? new DataError(message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
