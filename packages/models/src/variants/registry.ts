import { OptionError } from '@interseg/errors';
import type { Backbone } from '../backbones/backbone.ts';
import { unet } from '../backbones/unet/index.ts';
import { unetpp } from '../backbones/unetpp/index.ts';
import { mechanisms } from './mechanisms.ts';
import { checkName } from './check-name.ts';
import type { Mechanism, Variant } from './variant.ts';

const registered = new Map<string, Variant>();

/** The variant that applies a mechanism to a backbone. */
export function composeVariant(backbone: Backbone, mechanism: Mechanism): Variant {
  const join = (a: string, b: string): string => (a === '' ? b : `${a}-${b}`);
  return {
    name: join(mechanism.name, backbone.name),
    title: join(mechanism.title, backbone.title),
    backbone,
    mechanism,
  };
}

/**
 * Makes a variant known by its name, so that `createNetwork` and the command line find it.
 *
 * @throws OptionError when the name is taken by another variant or is not made of lower-case letters, digits and hyphens
 */
export function defineVariant(variant: Variant): Variant {
  checkName('variant', variant.name);
  const known = registered.get(variant.name);
  if (known && known !== variant) throw new OptionError(`A variant named '${variant.name}' is defined already.`);
  registered.set(variant.name, variant);
  return variant;
}

/** All variants that are known, in the order of their definition. */
export function variants(): readonly Variant[] {
  return [...registered.values()];
}

/** @throws OptionError when no variant has this name, with the names that there are */
export function findVariant(name: string): Variant {
  const variant = registered.get(name);
  if (!variant)
    throw new OptionError(`There is no variant '${name}'; there are: ${[...registered.keys()].join(', ')}.`);
  return variant;
}

const backbones = new Map<string, Backbone>();

/**
 * Makes a backbone known with every mechanism: `<name>`, `inter-<name>`, … `twae-<name>`. Doing it again changes nothing.
 *
 * @throws OptionError when one of the names is taken, or is not made of lower-case letters, digits and hyphens
 */
export function defineBackbone(backbone: Backbone): Backbone {
  if (backbones.get(backbone.name) === backbone) return backbone;
  for (const mechanism of mechanisms) defineVariant(composeVariant(backbone, mechanism));
  backbones.set(backbone.name, backbone);
  return backbone;
}

defineBackbone(unet);
defineBackbone(unetpp);
