import { parseEntry } from '@interseg/experiments';
import { findVariant, type Variant } from '@interseg/models';

/** The variant of an entry of a comparison. Its title also names the settings of the entry. */
export function entryVariant(entry: string): Variant {
  const { variant, settings } = parseEntry(entry);
  const found = findVariant(variant);
  const own = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`);
  return own.length > 0 ? { ...found, title: `${found.title} (${own.join(', ')})` } : found;
}
