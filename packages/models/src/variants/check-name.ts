import { OptionError } from '@interseg/errors';

/** @throws OptionError when a name cannot be written on a command line and in a folder's name everywhere */
export function checkName(kind: string, name: string): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new OptionError(`The ${kind} name '${name}' must be lower-case letters and digits joined by hyphens.`);
  }
}
