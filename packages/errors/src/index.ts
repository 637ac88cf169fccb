export { DataError, isInputError, OptionError } from './errors.ts';
