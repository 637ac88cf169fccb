import { resolve } from 'node:path';
import type { z } from 'zod';
import { lastingName } from '../plugins/load-plugins.ts';
import { optionFacts } from './option.ts';

/**
 * The values with every path absolute, whether an option is one or a list of plugins: what is stored must not depend on where a
 * command is started. Values that are no text are left to the schema.
 *
 * @param folder from where relative paths start
 */
export function withAbsolutePaths<Values extends object>(
  { shape }: z.ZodObject,
  values: Values,
  folder = process.cwd(),
): Values {
  const absolute = (name: string, value: unknown): unknown => {
    const path = shape[name] && optionFacts(shape[name] as z.ZodType).path;
    if (path === 'file' && typeof value === 'string') return resolve(folder, value);
    if (path !== 'module' || !Array.isArray(value)) return value;
    return value.map((one: unknown) => (typeof one === 'string' ? lastingName(one, folder) : one));
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, absolute(name, value)])) as Values;
}
