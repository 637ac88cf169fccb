import { DataError, OptionError } from '@interseg/errors';
import { describeSubject, type Task } from './tasks.ts';

/** What a worker thread answers. */
export type Answer = { readonly result: unknown } | { readonly error: SentError };

/** An error as it travels between threads, where its class would be lost. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** The classes that say whose fault an error is; in the other thread any other error is an `Error`. */
const errorClasses = { DataError, OptionError } as const;

/** Packs what a task threw; an error that is not about the user's input gets the name of what was worked on. */
export function packError(error: unknown, task: Task): SentError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const name = Object.entries(errorClasses).find(([, ErrorClass]) => error instanceof ErrorClass)?.[0];
  return { name: name ?? 'Error', message: name ? message : `${describeSubject(task)}: ${message}`, stack };
}

export function unpackError({ name, message, stack }: SentError): Error {
  const ErrorClass = name in errorClasses ? errorClasses[name as keyof typeof errorClasses] : Error;
  const error = new ErrorClass(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
