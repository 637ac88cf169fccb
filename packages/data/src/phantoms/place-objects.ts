import type { Triple } from '@interseg/nifti';
import type { Random } from '../random/random.ts';
import { radialPosition, randomDirections, type Ellipsoid } from './ellipsoid.ts';
import { brainSurface, tissueNames, type Head } from './head.ts';
import type { PhantomObjects } from './options.ts';

/** Something in the brain: an object of a class, or a distractor. */
export interface PlacedObject {
  /** The index of the class, from 0; missing for a distractor. */
  readonly classIndex?: number;
  /** The radius of the ball of the same volume, in millimetres. */
  readonly radius: number;
  /** 1 or −1, for distractors: brighter or darker than the surroundings. */
  readonly sign: number;
  readonly shape: Ellipsoid;
}

const attempts = 300;
const grayMatter = tissueNames.indexOf('grey');

/**
 * Places objects in the brain where they do not touch each other: compact ones of each class, then long thin
 * distractors of no class. An object that finds no room in 300 attempts is left out.
 *
 * @param extent the field of view in millimetres
 */
export function placeObjects(
  random: Random,
  head: Head,
  extent: Readonly<Triple>,
  objects: readonly PhantomObjects[],
  distractors: number,
): PlacedObject[] {
  const placed: PlacedObject[] = [];
  const add = (radius: number, elongation: number, classIndex?: number): void => {
    // Of the same volume as the ball: axes with the product radius³.
    const jitter = (): number => random.uniform(0.88, 1.14);
    const [a, b] = [jitter(), jitter()];
    const thin = 1 / Math.sqrt(elongation);
    const axes: Triple = [radius * a * thin, radius * b * thin, (radius * elongation) / (a * b)];
    const reach = Math.max(...axes);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const center = extent.map((length) => random.uniform(-0.5, 0.5) * length) as Triple;
      if (!fits(center, reach, head, extent, placed)) continue;
      const shape = { center, axes, directions: randomDirections(random, Math.PI) };
      placed.push({ classIndex, radius, sign: random.next() < 0.5 ? -1 : 1, shape });
      return;
    }
  };
  const all = objects.flatMap(({ count, radius }, classIndex) => {
    const number = count[0] + random.integer(count[1] - count[0] + 1);
    return Array.from({ length: number }, () => ({ classIndex, radius: random.uniform(...radius) }));
  });
  // The large ones first: they have the fewest places to be.
  all.sort((a, b) => b.radius - a.radius);
  for (const { classIndex, radius } of all) add(radius, 1, classIndex);
  const smallest = Math.min(...objects.map(({ radius }) => radius[0]));
  for (let index = 0; index < distractors; index++) add(smallest * random.uniform(0.6, 1), 3);
  return placed;
}

function fits(
  center: Triple,
  reach: number,
  head: Head,
  extent: Readonly<Triple>,
  placed: readonly PlacedObject[],
): boolean {
  const { outline } = head;
  const margin = reach / Math.min(...outline.axes);
  if (radialPosition(outline, ...center) + margin > brainSurface) return false;
  // Wholly in the field of view along the head's axis, where a slab cuts the brain off.
  if (Math.abs(center[2]) + reach > extent[2] / 2) return false;
  // Not over a ventricle, whose intensity would hide it or give it away.
  for (const axis of [0, 1, 2]) {
    for (const side of [-reach, 0, reach]) {
      const [x, y, z] = center.map((value, other) => (other === axis ? value + side : value)) as Triple;
      if (head.tissueAt(x, y, z) < grayMatter) return false;
    }
  }
  return placed.every(({ shape }) => {
    const distance = Math.hypot(...center.map((value, axis) => value - shape.center[axis]!));
    return distance > reach + Math.max(...shape.axes);
  });
}
