import type { Triple } from '@interseg/nifti';
import type { Random } from '../random/random.ts';
import type { PhantomGrid } from './coverage.ts';
import { radialPosition, randomDirections, type Ellipsoid } from './ellipsoid.ts';
import { brainSurface, tissueNames, type Head } from './head.ts';
import type { CompletePhantomOptions, DistractorShape } from './options.ts';

/** Something in the brain: an object of a class, or a distractor. */
export interface PlacedObject {
  /** The index of the class, from 0; missing for a distractor. */
  readonly classIndex?: number;
  /** The index of the class whose intensities it has; missing for a rod, which is brighter or darker by its sign. */
  readonly looksLike?: number;
  /** The radius of the ball of the same volume, in millimetres; of a vessel or disc, that of its section in a slice. */
  readonly radius: number;
  /** 1 or −1, for rods: brighter or darker than the surroundings. */
  readonly sign: number;
  /** Whether it runs through all slices. */
  readonly isVessel?: boolean;
  readonly shape: Ellipsoid;
}

const attempts = 300;
const grayMatter = tissueNames.indexOf('grey');

/**
 * Places objects in the brain where they do not touch each other: compact ones of each class, then distractors of no
 * class. An object that finds no room in 300 attempts is left out.
 */
export function placeObjects(
  random: Random,
  head: Head,
  grid: PhantomGrid,
  { objects, distractors, distractorShapes }: CompletePhantomOptions,
): PlacedObject[] {
  const extent = grid.shape.map((count, axis) => count * grid.spacing[axis]!) as Triple;
  const placed: PlacedObject[] = [];
  const anywhere = (): Triple => extent.map((length) => random.uniform(-0.5, 0.5) * length) as Triple;
  const jitter = (): number => random.uniform(0.88, 1.14);

  const addCompact = (radius: number, elongation: number, classIndex?: number): void => {
    // Of the same volume as the ball: axes with the product radius³.
    const [a, b] = [jitter(), jitter()];
    const thin = 1 / Math.sqrt(elongation);
    const axes: Triple = [radius * a * thin, radius * b * thin, (radius * elongation) / (a * b)];
    const reach = Math.max(...axes);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const center = anywhere();
      if (!inSlab(center, reach, extent) || !fits(center, reach, head, placed)) continue;
      const shape = { center, axes, directions: randomDirections(random, Math.PI) };
      placed.push({ classIndex, looksLike: classIndex, radius, sign: random.next() < 0.5 ? -1 : 1, shape });
      return;
    }
  };

  /** A distractor whose section within a slice is that of an object. */
  const addLookalike = (kind: 'vessel' | 'disc'): void => {
    const looksLike = random.integer(objects.length);
    const radius = random.uniform(0.75, 1) * random.uniform(...objects[looksLike]!.radius);
    const [a, b] = [jitter(), jitter()];
    // A disc fills its slice almost, and its neighbours hardly; a vessel is as good as a cylinder.
    const along = kind === 'disc' ? 0.75 * grid.spacing[2] : 3 * extent[2];
    const axes: Triple = [radius * a, radius * b, along];
    const reach = Math.max(axes[0], axes[1]);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const center = anywhere();
      center[2] = kind === 'disc' ? grid.origin[2] + random.integer(grid.shape[2]) * grid.spacing[2] : 0;
      const directions = kind === 'disc' ? turnedInPlane(random) : randomDirections(random, 0.12);
      const shape: Ellipsoid = { center, axes, directions };
      const centers = kind === 'disc' ? [center] : [-0.5, 0, 0.5].map((part) => alongAxis(shape, part * extent[2]));
      if (!centers.every((place) => fits(place, reach, head, placed))) continue;
      placed.push({ looksLike, radius, sign: 1, isVessel: kind === 'vessel', shape });
      return;
    }
  };

  const all = objects.flatMap(({ count, radius }, classIndex) => {
    const number = count[0] + random.integer(count[1] - count[0] + 1);
    return Array.from({ length: number }, () => ({ classIndex, radius: random.uniform(...radius) }));
  });
  // The large ones first: they have the fewest places to be.
  all.sort((a, b) => b.radius - a.radius);
  for (const { classIndex, radius } of all) addCompact(radius, 1, classIndex);
  const smallest = Math.min(...objects.map(({ radius }) => radius[0]));
  for (let index = 0; index < distractors; index++) {
    const kind: DistractorShape = distractorShapes[index % distractorShapes.length]!;
    if (kind === 'rod') addCompact(smallest * random.uniform(0.6, 1), 3);
    else addLookalike(kind);
  }
  return placed;
}

/** Directions rotated about the third axis of the grid alone. */
function turnedInPlane(random: Random): [Triple, Triple, Triple] {
  const angle = random.uniform(-Math.PI, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    [cos, sin, 0],
    [-sin, cos, 0],
    [0, 0, 1],
  ];
}

/** The point on the third of an ellipsoid's own axes at this distance from its centre. */
function alongAxis({ center, directions }: Ellipsoid, distance: number): Triple {
  return center.map((value, axis) => value + distance * directions[2][axis]!) as Triple;
}

/** Whether it is wholly in the field of view along the head's axis, where a slab cuts the brain off. */
function inSlab(center: Readonly<Triple>, reach: number, extent: Readonly<Triple>): boolean {
  return Math.abs(center[2]) + reach <= extent[2] / 2;
}

function fits(center: Triple, reach: number, head: Head, placed: readonly PlacedObject[]): boolean {
  const { outline } = head;
  const margin = reach / Math.min(...outline.axes);
  if (radialPosition(outline, ...center) + margin > brainSurface) return false;
  // Not over a ventricle, whose intensity would hide it or give it away.
  for (const axis of [0, 1, 2]) {
    for (const side of [-reach, 0, reach]) {
      const [x, y, z] = center.map((value, other) => (other === axis ? value + side : value)) as Triple;
      if (head.tissueAt(x, y, z) < grayMatter) return false;
    }
  }
  return placed.every(({ shape, isVessel = false }) => {
    const from = isVessel ? alongAxis(shape, (center[2] - shape.center[2]) / shape.directions[2][2]) : shape.center;
    const distance = Math.hypot(...center.map((value, axis) => value - from[axis]!));
    return distance > reach + Math.max(...(isVessel ? shape.axes.slice(0, 2) : shape.axes));
  });
}
