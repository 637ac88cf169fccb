import fc from 'fast-check';
import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { labelMap } from './label-map.ts';

const classes = [
  { name: 'a', values: [2, 3] },
  { name: 'b', values: [7] },
];

describe('labelMap', () => {
  it('takes the most probable class of those that are probable enough', () => {
    const a = Float32Array.of(0.2, 0.5, 0.6, 0.9, 0.7);
    const b = Float32Array.of(0.49, 0.1, 0.8, 0.8, 0.7);
    expect(labelMap([a, b], classes)).toEqual(Uint8Array.of(0, 2, 7, 2, 2));
    expect(labelMap([a, b], classes, { threshold: 0.85 })).toEqual(Uint8Array.of(0, 0, 0, 2, 0));
    expect(labelMap([a, b], classes, { threshold: 0 })).toEqual(Uint8Array.of(7, 2, 7, 2, 2));
  });

  it('has a threshold for each class', () => {
    const a = Float32Array.of(0.3, 0.2, 0.6, 0.35);
    const b = Float32Array.of(0.1, 0.6, 0.7, 0.4);
    expect(labelMap([a, b], classes, { threshold: [0.3, 0.65] })).toEqual(Uint8Array.of(2, 0, 7, 2));
    // Of nested regions: the odds of the core count against those of its own threshold.
    const nested = [
      { name: 'whole', values: [1, 2] },
      { name: 'core', values: [1] },
    ];
    const [whole, core] = [Float32Array.of(0.9, 0.9, 0.2), Float32Array.of(0.4, 0.2, 0.25)];
    expect([...labelMap([whole, core], nested, { threshold: [0.5, 0.3] })]).toEqual([1, 2, 0]);
    expect(() => labelMap([a, b], classes, { threshold: [0.5] })).toThrow(OptionError);
  });

  it('gives nested regions the value of the innermost one that is probable', () => {
    const nested = [
      { name: 'whole', values: [1, 2, 4] },
      { name: 'core', values: [1, 4] },
      { name: 'enhancing', values: [4] },
    ];
    // From nothing to everything, then 0 and 1 themselves, and exactly the threshold.
    const whole = Float32Array.of(0.4, 0.5, 0.9, 0.9, 1, 0, 1, 0.5);
    const core = Float32Array.of(0.3, 0.1, 0.8, 0.8, 1, 0, 0, 0.5);
    const enhancing = Float32Array.of(0.2, 0.1, 0.1, 0.7, 1, 0, 0, 0.5);
    expect([...labelMap([whole, core, enhancing], nested)]).toEqual([0, 2, 1, 4, 4, 0, 2, 1]);
    // A contradiction is solved by what is more certain: core 0.9 against whole 0.4 (odds of 9 · 2/3 for label 1), then
    // enhancing 0.6 against core 0.2 (1.5 / 4 below the whole alone).
    expect([
      ...labelMap([Float32Array.of(0.4, 0.9), Float32Array.of(0.9, 0.2), Float32Array.of(0.1, 0.6)], nested),
    ]).toEqual([1, 2]);
    expect([
      ...labelMap([Float32Array.of(0.8), Float32Array.of(0.75), Float32Array.of(0.6)], nested, { threshold: 0.7 }),
    ]).toEqual([1]);
  });

  it('gives the value of several classes where they cross', () => {
    const crossing = [
      { name: 'a', values: [1, 2] },
      { name: 'b', values: [2, 3] },
    ];
    const a = Float32Array.of(0.9, 0.9, 0.1, 0.1);
    const b = Float32Array.of(0.1, 0.9, 0.9, 0.1);
    expect([...labelMap([a, b], crossing)]).toEqual([1, 2, 3, 0]);
  });

  it('undoes the masks of regions whatever they are', () => {
    const regions = fc.uniqueArray(fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), {
      minLength: 1,
      maxLength: 4,
      selector: (values) => [...values].sort().join(),
    });
    fc.assert(
      fc.property(regions, (sets) => {
        const definitions = sets.map((values, index) => ({ name: `r${index}`, values }));
        const all = [0, ...new Set(sets.flat())];
        const masks = sets.map((values) => Float32Array.from(all, (label) => (values.includes(label) ? 0.9 : 0.1)));
        const labels = labelMap(masks, definitions);
        // The same regions again, though not always by the same value.
        const again = sets.map((values) => Float32Array.from(labels, (label) => (values.includes(label) ? 0.9 : 0.1)));
        expect(again).toEqual(masks);
      }),
      { seed: 1 },
    );
  });

  it('is as wide as the values need', () => {
    expect(labelMap([Float32Array.of(1)], [{ name: 'far', values: [300] }])).toEqual(Uint16Array.of(300));
  });

  it('refuses volumes that do not fit', () => {
    expect(() => labelMap([new Float32Array(2)], classes)).toThrow(OptionError);
    expect(() => labelMap([new Float32Array(2), new Float32Array(3)], classes)).toThrow(/2, 3 voxels/);
  });
});
