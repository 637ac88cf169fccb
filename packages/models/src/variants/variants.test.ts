import { describe, expect, it } from 'vitest';
import { describeVariantContract } from '../testing/variant-contract.ts';
import { unet } from '../backbones/unet.ts';
import { mechanisms } from './mechanisms.ts';
import { composeVariant, defineVariant, findVariant, variants } from './registry.ts';

for (const variant of variants()) describeVariantContract(variant);

describe('the registry', () => {
  it('has the fourteen variants of the paper under their names', () => {
    expect(variants().map(({ name }) => name)).toEqual(
      ['unet', 'unetpp'].flatMap((backbone) => [
        backbone,
        ...['inter', 'ae', 'sae', 'tw', 'twi', 'twae'].map((mechanism) => `${mechanism}-${backbone}`),
      ]),
    );
    expect(findVariant('twi-unetpp').title).toBe('TWI-U-Net++');
  });

  it('names what there is when a variant is unknown', () => {
    expect(() => findVariant('twi-net')).toThrow("There is no variant 'twi-net', expected one of unet, inter-unet");
  });

  it('refuses a name that is taken or no name', () => {
    const variant = composeVariant(unet, mechanisms[0]!);
    expect(() => defineVariant(variant)).toThrow('defined already');
    expect(() => defineVariant({ ...variant, name: 'My Net' })).toThrow('lower-case letters');
  });
});
