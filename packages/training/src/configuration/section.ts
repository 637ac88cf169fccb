import type { z } from 'zod';
import { pickOptions } from './option.ts';

/** Some options that belong together, as help and docs show them. */
export interface OptionSection<Schema extends z.ZodObject = z.ZodObject> {
  /** The heading in help and docs. */
  readonly title: string;
  /** The options, flat, each made by `option`. */
  readonly schema: Schema;
}

/**
 * Some options of a run that belong together. A section knows no other one: what it needs of them, `derive` is given.
 *
 * @typeParam Schema the options, flat, each made by `option`
 * @typeParam Context what else `derive` needs
 * @typeParam Derived what a package's function takes
 */
export interface Section<Schema extends z.ZodObject, Context extends unknown[], Derived> extends OptionSection<Schema> {
  /** Makes of the section's values what the function that they are for takes. */
  readonly derive: (values: z.output<Schema>, ...context: Context) => Derived;
}

/** Makes of a whole configuration what a section's values are for. */
export function derive<Schema extends z.ZodObject, Context extends unknown[], Derived>(
  section: Section<Schema, Context, Derived>,
  configuration: z.output<Schema>,
  ...context: Context
): Derived {
  // Only its own values, so that `derive` may pass on all that it is given.
  const names = Object.keys(section.schema.shape) as (keyof z.output<Schema>)[];
  return section.derive(pickOptions(configuration, names) as z.output<Schema>, ...context);
}
