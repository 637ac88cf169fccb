import { describe, expect, test } from 'vitest';
import { runOn, slopesOn } from './gradients.ts';
import { operations, pickedForSlopes } from './operations.ts';
import { relativeDifference } from './values.ts';

/**
 * How far numbers may be from those of another backend, relative to the largest of a tensor, and how much is compared.
 */
export interface AgreementOptions {
  readonly value: number;
  readonly gradient: number;
  /** Number of places of an input where slopes are taken. Defaults to 12. */
  readonly places?: number;
}

/** Tests that the values and the gradients of all operations on a backend are those on `cpu`, and those of slopes. */
export function testAgreement(backend: string, { value, gradient: ofGradient, places = 12 }: AgreementOptions): void {
  for (const [group, list] of Object.entries(operations)) {
    describe(`value and gradients on ${backend} equal those on cpu: ${group}`, () => {
      test.each(list)('$name', async (operation) => {
        const expected = await runOn('cpu', operation);
        const found = await runOn(backend, operation);
        expect(relativeDifference(found.value, expected.value)).toBeLessThan(value);
        expect(found.gradients).toHaveLength(operation.shapes.length);
        for (const [k, gradient] of found.gradients.entries()) {
          expect(relativeDifference(gradient, expected.gradients[k]!)).toBeLessThan(ofGradient);
        }
      });
    });
  }

  describe(`gradients on ${backend} equal finite differences`, () => {
    test.each(pickedForSlopes)('$name', async (operation) => {
      const { gradients } = await runOn(backend, operation);
      const slopes = await slopesOn(backend, operation, 1e-2, places);
      for (const [k, gradient] of gradients.entries()) {
        const at = [...slopes[k]!.keys()];
        expect(relativeDifference(at.map((p) => gradient[p]!), [...slopes[k]!.values()])).toBeLessThan(1e-2); // prettier-ignore
      }
    });
  });
}
