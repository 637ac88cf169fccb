import type { Backbone } from '../backbones/backbone.ts';
import { unet } from '../backbones/unet.ts';
import { unetpp } from '../backbones/unetpp.ts';
import { Registry } from '../registry.ts';
import { mechanisms } from './mechanisms.ts';
import type { Mechanism, Variant } from './variant.ts';

const registry = new Registry<Variant>('variant');

/** Composes the variant that applies a mechanism to a backbone. */
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
 * Makes a variant known by its name, so that `createNetwork` and the command line find it. Defining it again changes
 * nothing.
 *
 * @throws OptionError when another variant has its name, or the name is not of lower-case letters, digits and hyphens
 */
export function defineVariant(variant: Variant): Variant {
  return registry.define(variant);
}

/** All known variants, in the order of their definition. */
export function variants(): readonly Variant[] {
  return registry.list();
}

/** Finds a variant by its name. @throws OptionError with all known names when there is none of this name */
export function findVariant(name: string): Variant {
  return registry.find(name);
}

const backbones = new Map<string, Backbone>();

/**
 * Makes a backbone known with every mechanism: `<name>`, `inter-<name>`, … `twae-<name>`. Defining it again changes
 * nothing.
 *
 * @throws OptionError when another variant has one of the names, or a name is not of lower-case letters, digits and
 * hyphens
 */
export function defineBackbone(backbone: Backbone): Backbone {
  if (backbones.get(backbone.name) === backbone) return backbone;
  for (const mechanism of mechanisms) defineVariant(composeVariant(backbone, mechanism));
  backbones.set(backbone.name, backbone);
  return backbone;
}

defineBackbone(unet);
defineBackbone(unetpp);
