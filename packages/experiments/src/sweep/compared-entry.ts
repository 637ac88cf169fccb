import { OptionError } from '@interseg/errors';
import type { z } from 'zod';
import { optionFacts, runOptionsSchema, type RunConfiguration } from '@interseg/training';

/** An entry of a comparison taken apart: the variant, and the settings that only its runs have. */
export interface ComparedEntry {
  variant: string;
  settings: Partial<RunConfiguration>;
}

/**
 * Takes an entry of a comparison apart: the name of a variant, and after each `+` a setting of its own, named as in a
 * configuration file, such as `sae-unet+lambda=1+targetGradient=stop`; elements of a list are separated by `/`.
 *
 * @throws OptionError when a setting is not one, may not differ between entries, or has no valid value
 */
export function parseEntry(entry: string): ComparedEntry {
  const [variant = '', ...parts] = entry.split('+');
  const settings: Record<string, unknown> = {};
  for (const part of parts) {
    const [name = '', text] = part.split('=', 2);
    const schema = (runOptionsSchema.shape as Record<string, z.ZodType | undefined>)[name];
    if (!schema || text === undefined) {
      throw new OptionError(
        `The entry ${entry} of the comparison has the setting '${part}', expected name=value with a name of the configuration, such as lambda.`,
      );
    }
    if (!optionFacts(schema).variesInComparison) {
      throw new OptionError(
        `The entry ${entry} of the comparison has the setting '${part}', expected one that may differ between networks: ${name} is set for all of them.`,
      );
    }
    const parsed = candidates(text)
      .map((value) => schema.safeParse(value))
      .find(({ success }) => success);
    if (!parsed?.success) {
      throw new OptionError(
        `The entry ${entry} of the comparison has ${name} = '${text}', expected ${schema.description}.`,
      );
    }
    settings[name] = parsed.data;
  }
  return { variant, settings: settings as Partial<RunConfiguration> };
}

/** What a text may stand for; the schema of the setting decides. */
function candidates(text: string): unknown[] {
  const scalar = (one: string): unknown => (one.trim() !== '' && Number.isFinite(Number(one)) ? Number(one) : one);
  return [scalar(text), text === 'true' ? true : text === 'false' ? false : text, text.split('/').map(scalar)];
}
