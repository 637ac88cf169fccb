import type { z } from 'zod';
import { UsageError } from '../errors/usage-error.ts';
import type { OptionDescription } from './option-schema.ts';
import { expectationOf, formatValue } from './option-values.ts';

/** Values by field, and the words that name a field in an error: its flag, or its file and key. */
export interface GivenValues {
  values: Record<string, unknown>;
  nameOption: (field: string) => string;
}

/**
 * Checks values against a schema and fills in the defaults.
 *
 * @throws UsageError for the first value that is missing or out of range, naming its option
 */
export function checkValues<Schema extends z.ZodType>(
  schema: Schema,
  options: readonly OptionDescription[],
  { values, nameOption }: GivenValues,
): z.output<Schema> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const field = String(parsed.error.issues[0]?.path[0] ?? '');
  const option = options.find((one) => one.field === field);
  if (!option) throw new UsageError(`${parsed.error.issues[0]?.message ?? 'The options are not valid'}.`);
  if (values[field] === undefined) {
    throw new UsageError(`The option --${option.flag} is missing; expected ${option.description}.`);
  }
  throw new UsageError(
    `${nameOption(field)}: found '${formatValue(values[field])}', expected ${expectationOf(option.schema)}.`,
  );
}
