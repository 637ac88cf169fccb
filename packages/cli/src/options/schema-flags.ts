import { Option, type Command } from 'commander';
import type { OptionDescription } from './option-schema.ts';
import { formatValue, parseValue, placeholderOf } from './option-values.ts';

/** Headings of options in help, by field; what has none comes under `Options:`. */
export type OptionGroups = Readonly<Record<string, string>>;

/**
 * Gives a command one flag per option. Nothing has a default here, so that a flag that was not given does not hide what
 * a configuration file says.
 */
export function addSchemaFlags(
  command: Command,
  options: readonly OptionDescription[],
  groups: OptionGroups = {},
): Command {
  for (const { field, flag, description, repeatable, schema, default: standard } of options) {
    const details = [
      ...(schema.enum ? [schema.enum.join(', ')] : []),
      ...(isNothing(standard) ? [] : [`default: ${formatValue(standard)}`]),
    ];
    const suffix = details.length > 0 ? ` (${details.join('; ')})` : '';
    const placeholder = repeatable ? 'name' : placeholderOf({ schema, description });
    const isSwitch = schema.type === 'boolean';
    const value = isSwitch ? `[${placeholder}]` : `<${placeholder}>`;
    const option = new FieldOption(`--${flag} ${value}`, description + suffix);
    option.field = field;
    // A switch without a value is on.
    if (isSwitch) option.preset('true');
    option.argParser((text: string, before: unknown) => {
      const value = parseValue(text, schema);
      return repeatable && Array.isArray(before) ? [...before, value].flat() : value;
    });
    const group = groups[field];
    command.addOption(group ? option.helpGroup(group) : option);
  }
  return command;
}

/** A flag whose value goes by the name of its field, which may differ from the flag's. */
class FieldOption extends Option {
  field = '';

  override attributeName(): string {
    return this.field;
  }
}

/** A default that is not worth a word in help. */
function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** The values of a command's flags that are options of the schema; those not given are absent. */
export function givenFlags(command: Command, options: readonly OptionDescription[]): Record<string, unknown> {
  const values = command.opts<Record<string, unknown>>();
  const given = options.filter(({ field }) => values[field] !== undefined);
  return Object.fromEntries(given.map(({ field }) => [field, values[field]]));
}
