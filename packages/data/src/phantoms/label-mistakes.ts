import type { Triple } from '@interseg/nifti';
import type { Random } from '../random/random.ts';
import type { CompletePhantomOptions } from './options.ts';
import type { PlacedObject } from './place-objects.ts';

/** What is wrong with the labels of one patient. */
export interface LabelMistakes {
  /** How much too small objects are drawn, in millimetres; 0: as they are. */
  readonly erosion: number;
  /** Whether one object is left out. */
  readonly forgets: boolean;
}

/** An object as it is labelled: `undefined` if it is forgotten. */
export type LabelledObject = PlacedObject | undefined;

/**
 * Draws the patients whose labels are wrong by systematic sampling: every k-th one, from a start that the seed decides. So
 * a patient does not depend on how many there are, and few patients have their share of mistakes as well as many.
 *
 * @param number the patient's, from 1
 */
export function drawMistakes(
  { erodedMasks, erosion, forgottenObjects }: CompletePhantomOptions,
  random: Random,
  number: number,
): LabelMistakes {
  const isDrawn = (fraction: number, name: string): boolean => {
    const start = random.fork(name).next();
    return Math.floor(number * fraction + start) > Math.floor((number - 1) * fraction + start);
  };
  return {
    erosion: isDrawn(erodedMasks, 'eroded masks') ? erosion : 0,
    forgets: isDrawn(forgottenObjects, 'forgotten objects'),
  };
}

/** The objects of a patient as they are labelled, in the same order. */
export function withMistakes(
  objects: readonly PlacedObject[],
  { erosion, forgets }: LabelMistakes,
  random: Random,
): LabelledObject[] {
  const forgotten = forgets && objects.length > 0 ? random.integer(objects.length) : -1;
  return objects.map((object, index) => (index === forgotten ? undefined : erode(object, erosion)));
}

/** Shortens the half axes, but to a quarter at most: something of every object stays. */
function erode(object: PlacedObject, millimetres: number): PlacedObject {
  if (millimetres === 0) return object;
  const axes = object.shape.axes.map((half) => Math.max(half - millimetres, half / 4)) as Triple;
  return { ...object, shape: { ...object.shape, axes } };
}
