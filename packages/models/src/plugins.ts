import { OptionError } from '@interseg/errors';
import type { Backbone } from './backbones/backbone.ts';
import { defineLoss, type SegmentationLoss } from './segmentation-losses.ts';
import { defineBackbone, defineVariant } from './variants/registry.ts';
import type { Variant } from './variants/variant.ts';

/** What a package adds to InterSeg: its default export, which `interseg … --plugin PKG` registers. */
export interface Plugin {
  /** Single variants. */
  readonly variants?: readonly Variant[];
  /** Backbones; each is defined with every mechanism. */
  readonly backbones?: readonly Backbone[];
  /** Losses for the option `loss`. */
  readonly losses?: readonly SegmentationLoss[];
}

type Kind = keyof Plugin;

/** The properties that an entry of each list must have, by path, with their types. */
const shapes: Record<Kind, Record<string, 'string' | 'function' | 'boolean'>> = {
  variants: {
    name: 'string',
    title: 'string',
    'backbone.createEncoder': 'function',
    'backbone.createDecoder': 'function',
    'mechanism.description': 'string',
    'mechanism.reconstruction': 'boolean',
  },
  backbones: { name: 'string', title: 'string', createEncoder: 'function', createDecoder: 'function' },
  losses: { name: 'string', title: 'string', description: 'string', compute: 'function' },
};

/**
 * Defines everything that a plugin brings. Doing it again changes nothing.
 *
 * @param name names the plugin in errors
 * @param plugin the default export of a package, unchecked
 * @param otherLists names of lists that the caller registers elsewhere; they are ignored
 * @throws OptionError naming the plugin, the entry, what was found and what was expected
 */
export function registerPlugin(name: string, plugin: unknown, otherLists: readonly string[] = []): Plugin {
  const checked = check(name, plugin, otherLists);
  try {
    checked.backbones?.forEach(defineBackbone);
    checked.variants?.forEach(defineVariant);
    checked.losses?.forEach(defineLoss);
  } catch (error) {
    throw new OptionError(`Plugin ${name}: ${(error as Error).message}`, { cause: error });
  }
  return checked;
}

function check(name: string, plugin: unknown, otherLists: readonly string[]): Plugin {
  const kinds = Object.keys(shapes) as Kind[];
  const expected = `expected an object with lists of ${[...kinds, ...otherLists].join(', ')}`;
  const fail = (found: string): never => {
    throw new OptionError(`Plugin ${name}: its default export ${found}.`);
  };
  if (typeof plugin !== 'object' || plugin === null) return fail(`is ${describe(plugin)}, ${expected}`);
  const unknown = Object.keys(plugin).find((key) => !kinds.includes(key as Kind) && !otherLists.includes(key));
  if (unknown !== undefined) return fail(`has '${unknown}', ${expected}`);
  for (const kind of kinds) {
    const list: unknown = (plugin as Record<string, unknown>)[kind];
    if (list === undefined) continue;
    if (!Array.isArray(list)) return fail(`has ${describe(list)} as ${kind}, expected a list`);
    list.forEach((entry: unknown, index) => {
      for (const [path, type] of Object.entries(shapes[kind])) {
        const value = path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown>)?.[key], entry);
        if (typeof value !== type) fail(`has ${describe(value)} as ${kind}[${index}].${path}, expected a ${type}`);
      }
    });
  }
  return plugin as Plugin;
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : typeof value === 'string' ? `'${value}'` : `a value of type ${typeof value}`;
}
