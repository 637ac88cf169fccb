import { OptionError } from '@interseg/errors';
import type { Layout } from './layout.ts';
import { defineLayout } from './registry.ts';

/** The part of a plugin's default export that concerns data sets. */
export interface LayoutPlugin {
  readonly layouts: readonly Layout[];
}

const requiredTypes = {
  name: 'string',
  title: 'string',
  description: 'string',
  detect: 'function',
  open: 'function',
} as const;

/**
 * Defines the layouts of a plugin. Doing it again changes nothing.
 *
 * @param name the plugin's name, for errors
 * @param layouts the list `layouts` of its default export; it is checked here
 * @throws OptionError naming the plugin, the entry, what was found and what was expected
 */
export function registerLayouts(name: string, layouts: unknown): void {
  const refuse = (found: string): never => {
    throw new OptionError(`Plugin ${name}: its default export has ${found}.`);
  };
  if (!Array.isArray(layouts)) return refuse(`${describeType(layouts)} as layouts, expected a list`);
  layouts.forEach((layout: unknown, index) => {
    for (const [field, type] of Object.entries(requiredTypes)) {
      const value = (layout as Record<string, unknown> | null | undefined)?.[field];
      if (typeof value !== type) refuse(`${describeType(value)} as layouts[${index}].${field}, expected a ${type}`);
    }
  });
  try {
    for (const layout of layouts as Layout[]) defineLayout(layout);
  } catch (error) {
    throw new OptionError(`Plugin ${name}: ${(error as Error).message}`, { cause: error });
  }
}

function describeType(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? `'${value}'` : `a value of type ${typeof value}`;
}
