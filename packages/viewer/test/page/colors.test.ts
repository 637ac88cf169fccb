import { describe, expect, it } from 'vitest';
import { initialAppearance, labelColors } from '../../page/src/view/appearance.ts';
import { colorTable, stepBetween } from '../../page/src/view/color-table.ts';

describe('the colours of labels', () => {
  it.each([2, 3, 7, 100, 256])('of %i labels are also those of their neighbours in the table', (labels) => {
    const colors = Array.from({ length: labels }, (_, k) => [k % 256, (7 * k) % 256, 0, k === 0 ? 0 : 0.6] as const);
    const table = colorTable(colors);
    const step = stepBetween(labels);
    expect((labels - 1) * step).toBeLessThanOrEqual(255);
    for (let k = 0; k < labels; k++) {
      const reach = step >= 3 ? 1 : 0;
      for (let value = Math.max(0, k * step - reach); value <= Math.min(255, k * step + reach); value++) {
        expect([table.R[value], table.G[value], table.B[value], table.A[value]]).toEqual([
          k % 256,
          (7 * k) % 256,
          0,
          k === 0 ? 0 : 153,
        ]);
      }
    }
  });

  it('are those of the innermost class that is visible', () => {
    const classes = [{ values: [1, 2, 4] }, { values: [1, 4] }, { values: [4] }];
    const appearances = initialAppearance(3);
    Object.assign(appearances[0]!, { color: '#ff0000', opacity: 0.5 });
    Object.assign(appearances[1]!, { color: '#00ff00', opacity: 0.25 });
    Object.assign(appearances[2]!, { color: '#0000ff', opacity: 1 });
    const labels = [0, 1, 2, 4];
    expect(labelColors(labels, classes, appearances)).toEqual([
      [0, 0, 0, 0],
      [0, 255, 0, 0.25],
      [255, 0, 0, 0.5],
      [0, 0, 255, 1],
    ]);
    appearances[2]!.visible = false;
    expect(labelColors(labels, classes, appearances)[3]).toEqual([0, 255, 0, 0.25]);
    for (const one of appearances) one.visible = false;
    expect(labelColors(labels, classes, appearances)).toEqual(labels.map(() => [0, 0, 0, 0]));
  });
});
