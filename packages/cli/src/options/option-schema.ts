import { z } from 'zod';
import { optionFacts } from '@interseg/training';
import { kebabCase } from './names.ts';

/** The part of JSON Schema that options are made of. */
export interface ValueSchema {
  type?: 'string' | 'number' | 'integer' | 'boolean' | 'array';
  enum?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  items?: ValueSchema | false;
  prefixItems?: ValueSchema[];
  anyOf?: ValueSchema[];
}

/** One option: a field of a schema as the command line shows it. */
export interface OptionDescription {
  /** The field's name, as in a configuration file. */
  field: string;
  /** The same in kebab case, without the hyphens in front. */
  flag: string;
  description: string;
  /** Whether the flag may be given several times, which makes a list of its values. */
  repeatable: boolean;
  schema: ValueSchema;
  /** What it is when it is left out. */
  default?: unknown;
}

/** The options that a zod object stands for, in its order, so that they are written once. */
export function describeOptions(object: z.ZodObject): OptionDescription[] {
  const json = z.toJSONSchema(object, { io: 'input' });
  return Object.entries(object.shape).map(([field, schema]) => {
    const { flag, repeatable } = optionFacts(schema as z.ZodType);
    const withoutValue = (schema as z.ZodType).safeParse(undefined);
    return {
      field,
      flag: flag ?? kebabCase(field),
      repeatable,
      description: (schema as z.ZodType).description ?? '',
      schema: (json.properties?.[field] ?? {}) as ValueSchema,
      default: withoutValue.success ? withoutValue.data : undefined,
    };
  });
}

/** How an error names an option that was given by its flag. */
export function nameByFlag(options: readonly OptionDescription[]): (field: string) => string {
  return (field) => `--${options.find((one) => one.field === field)?.flag ?? field}`;
}
