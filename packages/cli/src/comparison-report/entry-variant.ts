import { parseEntry } from '@interseg/experiments';
import { findVariant, type Variant } from '@interseg/models';

/** A report asks for the same ones over and over. */
const known = new Map<string, Variant>();

/** The variant of an entry of a comparison. Its title also names the settings of the entry. */
export function entryVariant(entry: string): Variant {
  const before = known.get(entry);
  if (before) return before;
  const { variant, settings } = parseEntry(entry);
  const plain = findVariant(variant);
  const own = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`);
  const found = own.length > 0 ? { ...plain, title: `${plain.title} (${own.join(', ')})` } : plain;
  known.set(entry, found);
  return found;
}
