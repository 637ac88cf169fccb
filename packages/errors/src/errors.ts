/*
 * One program may hold several copies of this package: two versions of it may be installed, and `@interseg/nifti` bundles
 * its own. The `instanceof` of one copy would not know the classes of another, so each class marks its instances under a
 * symbol that all copies share. The name alone would not do: WebCrypto and IndexedDB throw `DOMException`s called DataError.
 */
const optionMark = Symbol.for('@interseg/errors/OptionError');
const dataMark = Symbol.for('@interseg/errors/DataError');

/**
 * An option, setting or argument is at fault: it is out of range, unknown, of the wrong shape, or does not fit the others.
 * The message is one sentence that names the option, what was found and what was expected; it can be shown as it is,
 * without a stack trace.
 *
 * `error instanceof OptionError` also holds for the errors of another copy of this package.
 */
export class OptionError extends RangeError {
  override readonly name = 'OptionError';

  static {
    Object.defineProperty(this.prototype, optionMark, { value: true });
  }

  /** Whether a value is such an error, of this copy of the package or of another. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === OptionError ? hasMark(value, optionMark) : super[Symbol.hasInstance](value);
  }
}

/**
 * A file, folder or data set is at fault: it is missing, unreadable, damaged, or contradicts itself. The message is one
 * sentence that names the file, what was found and what was expected; it can be shown as it is, without a stack trace.
 *
 * `error instanceof DataError` also holds for the errors of another copy of this package.
 */
export class DataError extends Error {
  override readonly name = 'DataError';

  static {
    Object.defineProperty(this.prototype, dataMark, { value: true });
  }

  /** Whether a value is such an error, of this copy of the package or of another. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === DataError ? hasMark(value, dataMark) : super[Symbol.hasInstance](value);
  }
}

/** Whether the user's input is at fault (an {@link OptionError} or a {@link DataError}) rather than the program or the machine. */
export function isInputError(error: unknown): error is OptionError | DataError {
  return error instanceof OptionError || error instanceof DataError;
}

function hasMark(value: unknown, mark: symbol): boolean {
  return typeof value === 'object' && value !== null && mark in value;
}
