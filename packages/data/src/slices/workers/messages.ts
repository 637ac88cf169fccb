import { DataError, OptionError } from '@interseg/errors';
import { describeSubject, type Task } from './tasks.ts';

/** The answer of a worker thread. */
export type Answer = { readonly result: unknown } | { readonly error: SentError };

/** An error in a form that threads can exchange, as its class would be lost. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** The classes that are kept; any other error is an `Error` in the other thread. */
const errorClasses = { DataError, OptionError } as const;

/** Packs what a task threw. The message of an error that is not about the user's input gets the name of the file. */
export function packError(error: unknown, task: Task): SentError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const name = Object.entries(errorClasses).find(([, ErrorClass]) => error instanceof ErrorClass)?.[0];
  return { name: name ?? 'Error', message: name ? message : `${describeSubject(task)}: ${message}`, stack };
}

/** The error that {@link packError} packed, with its class, message and stack. */
export function unpackError({ name, message, stack }: SentError): Error {
  const ErrorClass = name in errorClasses ? errorClasses[name as keyof typeof errorClasses] : Error;
  const error = new ErrorClass(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
