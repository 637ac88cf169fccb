import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ball, drawn, maskPairs } from '../test/masks.ts';
import { averageSymmetricSurfaceDistance } from './average-surface-distance.ts';
import { hausdorffDistance } from './hausdorff-distance.ts';
import { dice, jaccard, precision, sensitivity, specificity } from './overlap.ts';
import { segmentationMetrics } from './segmentation-metrics.ts';

describe('segmentationMetrics', () => {
  it('gives what the single functions give', () => {
    const definition = fc.constantFrom('directed' as const, 'pooled' as const);
    fc.assert(
      fc.property(maskPairs, definition, definition, fc.constantFrom(NaN, 1), ([a, b], hd, average, emptyValue) => {
        const metrics = segmentationMetrics(a, b, { hausdorffDefinition: hd, averageDefinition: average, emptyValue });
        expect(metrics).toMatchObject({
          dice: dice(a, b, { emptyValue }),
          jaccard: jaccard(a, b, { emptyValue }),
          sensitivity: sensitivity(a, b, { emptyValue }),
          precision: precision(a, b, { emptyValue }),
          specificity: specificity(a, b),
          hd: hausdorffDistance(a, b, { emptyValue }),
          hd95: hausdorffDistance(a, b, { percentile: 95, definition: hd, emptyValue }),
        });
        // The percentiles reorder the distances that are summed.
        const assd = averageSymmetricSurfaceDistance(a, b, { definition: average, emptyValue });
        expect(Object.is(metrics.assd, assd) || Math.abs(metrics.assd - assd) < 1e-12).toBe(true);
      }),
    );
  });

  it('tells volumes in the unit of the spacing, given with either mask', () => {
    const a = drawn('##.\n...', [2, 0.5]);
    const b = drawn('###\n...');
    for (const [prediction, reference] of [
      [a, b],
      [
        { ...a, spacing: undefined },
        { ...b, spacing: [2, 0.5] },
      ],
    ] as const) {
      const metrics = segmentationMetrics(prediction, reference);
      expect(metrics).toMatchObject({ predictionVolume: 2, referenceVolume: 3, hd: 0.5 });
    }
  });

  it('says which masks are empty', () => {
    const [full, empty] = [drawn('#.'), drawn('..')];
    expect(segmentationMetrics(full, full).empty).toBe('none');
    expect(segmentationMetrics(empty, full)).toMatchObject({
      empty: 'prediction',
      dice: 0,
      hd95: Infinity,
      assd: Infinity,
    });
    expect(segmentationMetrics(full, empty)).toMatchObject({
      empty: 'reference',
      dice: 0,
      hd95: Infinity,
      assd: Infinity,
    });
    expect(segmentationMetrics(empty, empty)).toMatchObject({ empty: 'both', dice: NaN, hd95: NaN, assd: NaN });
  });

  it('takes less than 2 s of processor time for a pair of 240×240×155 voxels that fills the volume', () => {
    const shape = [240, 240, 155];
    // Balls larger than the volume's half, so that cropping saves little: a harder case than a tumour.
    const [a, b] = [ball(118, [120, 120, 77], shape), ball(110, [118, 121, 78], shape)];
    // The best of three: a busy machine makes single measurements longer, never shorter.
    const seconds = [1, 2, 3].map(() => {
      const before = process.cpuUsage();
      expect(segmentationMetrics(a, b).dice).toBeGreaterThan(0.8);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    });
    expect(Math.min(...seconds)).toBeLessThan(2);
  });
});
