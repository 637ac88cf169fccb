import { findVariant, type Variant } from '@interseg/models';
import { parseEntry } from '@interseg/training';

/** The variant of an entry of a comparison; its title also names the settings that only this entry has. */
export function entryVariant(entry: string): Variant {
  const { variant, settings } = parseEntry(entry);
  const found = findVariant(variant);
  const own = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`);
  return own.length > 0 ? { ...found, title: `${found.title} (${own.join(', ')})` } : found;
}
