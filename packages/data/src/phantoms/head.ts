import type { Triple } from '@interseg/nifti';
import type { Random } from '../random/random.ts';
import { radialPosition, randomDirections, type Ellipsoid } from './ellipsoid.ts';
import { smoothField, type Field } from './smooth-field.ts';

/** The tissues of a phantom's head, from outside to inside. */
export const tissueNames = ['air', 'scalp', 'skull', 'fluid', 'grey', 'white'] as const;

/** The number of a tissue in {@link tissueNames}. */
export type Tissue = 0 | 1 | 2 | 3 | 4 | 5;

/** One patient's head. Its outermost brain surface is at the radial position 0.82. */
export interface Head {
  readonly outline: Ellipsoid;
  tissueAt(x: number, y: number, z: number): Tissue;
}

/** The radial position in the outline that the brain reaches. */
export const brainSurface = 0.82;

/**
 * A head that fills most of the field of view, at the origin: an ellipsoid of scalp, skull and fluid around a brain
 * whose grey layer is folded, with two ventricles. Size, proportions, place and pose vary from patient to patient.
 *
 * @param extent the field of view in millimetres
 */
export function createHead(random: Random, extent: Readonly<Triple>): Head {
  const size = random.uniform(0.42, 0.47);
  const center = extent.map((length) => random.uniform(-0.02, 0.02) * length) as Triple;
  // The slab may be thin: a head is then cut off above and below, not flattened.
  const height = Math.max(extent[2], 0.8 * Math.min(extent[0], extent[1]));
  const axes: Triple = [
    extent[0] * size * random.uniform(0.88, 0.96),
    extent[1] * size * random.uniform(0.98, 1.04),
    height * size * random.uniform(0.98, 1.08),
  ];
  const directions = randomDirections(random, 0.15);
  const outline = { center, axes, directions };
  const folds = smoothField(random, 0.1 * axes[0]);
  const ventricles = [-1, 1].map((side): Ellipsoid => {
    const place: Triple = [center[0] + side * axes[0] * random.uniform(0.1, 0.15), center[1], center[2]];
    const half = random.uniform(0.85, 1.15);
    return {
      center: place,
      axes: [axes[0] * 0.07 * half, axes[1] * 0.25 * half, axes[2] * 0.14 * half],
      directions: randomDirections(random, 0.3),
    };
  });
  return { outline, tissueAt: tissues(outline, folds, ventricles) };
}

function tissues(outline: Ellipsoid, folds: Field, ventricles: readonly Ellipsoid[]): Head['tissueAt'] {
  return (x, y, z) => {
    const position = radialPosition(outline, x, y, z);
    if (position > 1) return 0;
    if (position > 0.93) return 1;
    if (position > 0.87) return 2;
    if (position > brainSurface) return 3;
    if (position > 0.68 + 0.09 * folds(x, y, z)) return 4;
    return ventricles.some((ventricle) => radialPosition(ventricle, x, y, z) < 1) ? 3 : 5;
  };
}
