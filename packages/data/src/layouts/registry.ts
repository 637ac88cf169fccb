import { OptionError } from '@interseg/errors';
import { bratsLayout } from './brats.ts';
import { plainFolderLayout } from './folder.ts';
import type { Layout } from './layout.ts';
import { msdLayout } from './msd.ts';

const builtIn = [msdLayout, bratsLayout, plainFolderLayout];
const registered = new Map<string, Layout>(builtIn.map((layout) => [layout.name, layout]));

/**
 * Registers a layout, so that {@link openDataset} recognises its folders. Layouts defined later are asked first, before
 * the built-in ones. Defining the same layout again changes nothing.
 *
 * @returns the layout
 * @throws OptionError if another layout has the name, or the name is not lower-case letters and digits joined by hyphens
 */
export function defineLayout(layout: Layout): Layout {
  const { name } = layout;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new OptionError(`The layout name '${name}' must be lower-case letters and digits joined by hyphens.`);
  }
  const known = registered.get(name);
  if (known && known !== layout) throw new OptionError(`A layout named '${name}' is defined already.`);
  registered.set(name, layout);
  return layout;
}

/** All registered layouts: the built-in ones, then the others in the order of their definition. */
export function layouts(): readonly Layout[] {
  return [...registered.values()];
}

/** All registered layouts in the order in which they are asked: the latest first, then the built-in ones. */
export function layoutsByPrecedence(): readonly Layout[] {
  const added = layouts().slice(builtIn.length);
  return [...added.reverse(), ...builtIn];
}
