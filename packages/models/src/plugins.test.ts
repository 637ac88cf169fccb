import { describe, expect, it } from 'vitest';
import { unet } from './backbones/unet.ts';
import { bceDice, findLoss } from './segmentation-losses.ts';
import { findVariant, variants } from './variants/registry.ts';
import { registerPlugin, type Plugin } from './plugins.ts';

describe('a plugin', () => {
  it('brings backbones with every mechanism, variants and losses, however often', () => {
    const backbone = { ...unet, name: 'thin', title: 'Thin' };
    const variant = { ...findVariant('sae-unet'), name: 'sae-mine' };
    const loss = { ...bceDice, name: 'mine' };
    const plugin: Plugin = { backbones: [backbone], variants: [variant], losses: [loss] };
    const before = variants().length;
    expect(registerPlugin('mine', plugin)).toBe(plugin);
    registerPlugin('mine', plugin);
    expect(
      variants()
        .slice(before)
        .map(({ name }) => name),
    ).toEqual([
      'thin',
      ...['inter', 'ae', 'sae', 'tw', 'twi', 'twae'].map((mechanism) => `${mechanism}-thin`),
      'sae-mine',
    ]);
    expect(findLoss('mine')).toBe(loss);
  });

  it.each([
    [undefined, 'is nothing, expected an object with lists of variants, backbones, losses'],
    [{ layers: [] }, "has 'layers', expected an object"],
    [{ losses: unet }, 'has a value of type object as losses, expected a list'],
    [{ variants: [null] }, 'has nothing as variants[0].name, expected a string'],
    [
      { variants: [{ ...findVariant('unet'), backbone: {} }] },
      'variants[0].backbone.createEncoder, expected a function',
    ],
    [{ losses: [{ ...bceDice, compute: 'focal' }] }, "has 'focal' as losses[0].compute, expected a function"],
  ])('is refused by its name when it is not one: %o', (plugin, message) => {
    expect(() => registerPlugin('interseg-broken', plugin)).toThrow(`Plugin interseg-broken: its default export`);
    expect(() => registerPlugin('interseg-broken', plugin)).toThrow(message);
  });

  it('may have lists that are registered elsewhere, if they are named', () => {
    const plugin = { layouts: [{}] };
    expect(registerPlugin('mine', plugin, ['layouts'])).toBe(plugin);
    expect(() => registerPlugin('mine', plugin)).toThrow("has 'layouts', expected an object");
    expect(() => registerPlugin('mine', { layers: [] }, ['layouts'])).toThrow(
      "has 'layers', expected an object with lists of variants, backbones, losses, layouts",
    );
  });

  it('is refused by its name when it takes the name of something else', () => {
    expect(() => registerPlugin('copy', { backbones: [{ ...unet }] })).toThrow(
      "Plugin copy: A variant named 'unet' is defined already, expected another name.",
    );
    expect(() => registerPlugin('copy', { losses: [{ ...bceDice }] })).toThrow('Plugin copy: A loss named');
    expect(() => registerPlugin('copy', { losses: [{ ...bceDice, name: 'My loss' }] })).toThrow('lower-case letters');
    expect(() => findLoss('focal')).toThrow("There is no loss 'focal', expected one of bce-dice");
  });
});
