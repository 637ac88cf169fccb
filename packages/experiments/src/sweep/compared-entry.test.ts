import { describe, expect, it } from 'vitest';
import { parseEntry } from './compared-entry.ts';
import { comparisonConfiguration, configurationOfRun } from './sweep-configuration.ts';

describe('an entry of a comparison', () => {
  it('is a variant, with settings of its own after plus signs', () => {
    expect(parseEntry('unet')).toEqual({ variant: 'unet', settings: {} });
    expect(parseEntry('sae-unet+lambda=1+targetGradient=stop+omega=1/0.5/0.25')).toEqual({
      variant: 'sae-unet',
      settings: { lambda: 1, targetGradient: 'stop', omega: [1, 0.5, 0.25] },
    });
    expect(parseEntry('unet+deepSupervision=true+outputActivation=softmax').settings).toEqual({
      deepSupervision: true,
      outputActivation: 'softmax',
    });
    expect(parseEntry('tw-unet+unlabelled=60').settings).toEqual({ unlabelled: 60 });
    expect(parseEntry('tw-unet+unlabelled=all').settings).toEqual({ unlabelled: 'all' });
    expect(parseEntry('unet+labelled=4').settings).toEqual({ labelled: 4 });
    expect(parseEntry('unet+size=64').settings).toEqual({ size: [64, 64] });
  });

  it.each([
    ['unet+lamda=1', "'lamda=1'"],
    ['unet+seed=2', "'seed=2'"],
    // Its networks would solve different tasks, or load code for one of them alone.
    ['unet+classes=spleen', "'classes=spleen'"],
    ['unet+plugins=./plugin.mjs', "'plugins=./plugin.mjs'"],
    ['unet+cache=folder', "'cache=folder'"],
    ['unet+workers=2', "'workers=2'"],
    ['unet+lambda', "'lambda'"],
    ['unet+lambda=-1', "lambda = '-1'"],
    ['unet+targetGradient=off', "targetGradient = 'off'"],
  ])('refuses %s', (entry, found) => {
    expect(() => parseEntry(entry)).toThrow(found);
  });

  it('wins over what the comparison says for all', () => {
    const configuration = comparisonConfiguration.parse({ data: 'folder', variants: ['unet'], lambda: 0.5, beta: 2 });
    const run = configurationOfRun(configuration, { variant: 'twi-unet+lambda=3', seed: 4 }, 'split.json');
    expect(run).toMatchObject({ variant: 'twi-unet', seed: 4, lambda: 3, beta: 2, split: 'split.json' });
  });
});
