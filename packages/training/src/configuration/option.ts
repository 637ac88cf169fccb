import type { z } from 'zod';

/** What is true of an option, besides which values it takes. What is left out of {@link option} has its default. */
export interface OptionFacts {
  /**
   * What a relative path starts from the folder it is written in: the option itself (`'file'`), or each of its names that is a
   * path and not the name of a package (`'module'`). Defaults to none.
   */
  path?: 'file' | 'module';
  /** Whether another value gives another network. Defaults to true; false for what only decides where and how fast. */
  changesResult: boolean;
  /** Whether the entries of a comparison may have values of their own. Defaults to `changesResult`. */
  variesInComparison: boolean;
  /** Whether a comparison that is continued may have more values behind those it has. Defaults to false. */
  extendable: boolean;
  /** Whether a run that is resumed may have another value. Defaults to false. */
  resumable: boolean;
  /** Whether it decides how a training slice looks. Defaults to false. */
  changesLook: boolean;
  /** The flag, without hyphens in front. Defaults to the name in kebab case. */
  flag?: string;
  /** Whether the flag may be given several times, which makes a list of its values. Defaults to false. */
  repeatable: boolean;
}

/** An option: the values it takes, what it is in a few words, and what is true of it. */
export function option<Schema extends z.ZodType>(
  values: Schema,
  description: string,
  facts: Partial<OptionFacts> = {},
): Schema {
  return values.meta({ description, facts });
}

/** What is true of an option, with every default. */
export function optionFacts(schema: z.ZodType): OptionFacts {
  const facts = (schema.meta()?.['facts'] ?? {}) as Partial<OptionFacts>;
  const { changesResult = true } = facts;
  return {
    changesResult,
    variesInComparison: changesResult,
    extendable: false,
    resumable: false,
    changesLook: false,
    repeatable: false,
    ...facts,
  };
}

/** The names of the options of a schema of which something is true. */
export function optionsWhere<Schema extends z.ZodObject>(
  { shape }: Schema,
  isTrue: (facts: OptionFacts) => boolean,
): (keyof z.output<Schema> & string)[] {
  return Object.keys(shape).filter((name) => isTrue(optionFacts(shape[name] as z.ZodType)));
}

/** The values of some options of a configuration. */
export function pickOptions<Values extends object, Name extends keyof Values>(
  values: Values,
  names: readonly Name[],
): Pick<Values, Name> {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, Name>;
}
