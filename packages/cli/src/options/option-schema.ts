import { z } from 'zod';
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
export function optionsOf(object: z.ZodObject): OptionDescription[] {
  const json = z.toJSONSchema(object, { io: 'input' });
  return Object.entries(object.shape).map(([field, schema]) => {
    const meta = (schema as z.ZodType).meta() ?? {};
    const withoutValue = (schema as z.ZodType).safeParse(undefined);
    return {
      field,
      flag: typeof meta['flag'] === 'string' ? meta['flag'] : kebabCase(field),
      repeatable: meta['repeatable'] === true,
      description: (schema as z.ZodType).description ?? '',
      schema: (json.properties?.[field] ?? {}) as ValueSchema,
      default: withoutValue.success ? withoutValue.data : undefined,
    };
  });
}
