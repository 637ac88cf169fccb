import type { OptionDescription, ValueSchema } from './option-schema.ts';

/**
 * The value that the text of a flag stands for: lists by commas, sizes also by `x` or `×`. Text that cannot be one is
 * returned as it is, for the schema to refuse.
 */
export function parseValue(text: string, schema: ValueSchema): unknown {
  if (schema.anyOf) {
    const hasSeparator = /[,x×]/i.test(text);
    const choice = schema.anyOf.find(({ type }) => (type === 'array') === hasSeparator) ?? schema.anyOf[0];
    return choice ? parseValue(text, choice) : text;
  }
  if (schema.type === 'array') {
    const element = (index: number): ValueSchema => schema.prefixItems?.[index] ?? (schema.items || {});
    const separator = isNumeric(element(0)) ? /\s*[,x×]\s*/i : /\s*,\s*/;
    return text.split(separator).map((part, index) => parseValue(part, element(index)));
  }
  if (isNumeric(schema)) {
    const value = Number(text);
    return text.trim() === '' || Number.isNaN(value) ? text : value;
  }
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** A value as it would be written after a flag. */
export function formatValue(value: unknown): string {
  return Array.isArray(value) ? value.map(formatValue).join(',') : String(value);
}

/** What a value of the schema is, in words: `a whole number of at least 1`. */
export function expectationOf(schema: ValueSchema): string {
  if (schema.anyOf) return schema.anyOf.map(expectationOf).join(' or ');
  if (schema.enum) return schema.enum.length === 1 ? schema.enum[0]! : `one of ${schema.enum.join(', ')}`;
  if (schema.prefixItems) {
    const kinds = [...new Set(schema.prefixItems.map(expectationOf))];
    const count = schema.prefixItems.length;
    return kinds.length === 1
      ? `${count} values separated by commas, each ${kinds[0]}`
      : `${count} values separated by commas: ${kinds.join(', ')}`;
  }
  if (schema.type === 'array') {
    const least = schema.minItems ? `at least ${schema.minItems} values` : 'values';
    return `${least} separated by commas, each ${expectationOf(schema.items || {})}`;
  }
  if (schema.type === 'boolean') return 'true or false';
  if (!isNumeric(schema)) return 'a text that is not empty';
  return `${schema.type === 'integer' ? 'a whole number' : 'a number'}${rangeOf(schema)}`;
}

/** What stands for the value in help, between angle brackets. */
export function placeholderOf({ schema, description }: Pick<OptionDescription, 'schema' | 'description'>): string {
  if (schema.anyOf) {
    return schema.anyOf.map((one) => one.enum?.join('|') ?? (one.type === 'array' ? 'h,w' : 'n')).join(' or ');
  }
  if (schema.prefixItems) return schema.prefixItems.map((_, index) => 'abcdefg'[index]).join(',');
  if (schema.type === 'array') return 'a,b,…';
  if (schema.type === 'boolean') return 'true|false';
  if (isNumeric(schema)) return schema.type === 'integer' ? 'n' : 'number';
  // Descriptions of paths begin with what is there.
  return /^(folder|file)\b/.exec(description)?.[0] ?? 'name';
}

function isNumeric({ type }: ValueSchema): boolean {
  return type === 'number' || type === 'integer';
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ValueSchema): string {
  // Zod states the range of safe integers, which is no news.
  const isLimit = (value?: number): value is number => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const parts = [
    isLimit(minimum) && `of at least ${minimum}`,
    isLimit(exclusiveMinimum) && `above ${exclusiveMinimum}`,
    isLimit(maximum) && `at most ${maximum}`,
    isLimit(exclusiveMaximum) && `below ${exclusiveMaximum}`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? ` ${parts.join(' and ')}` : '';
}
