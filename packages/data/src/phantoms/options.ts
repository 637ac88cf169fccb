import { OptionError } from '@interseg/errors';
import type { Triple } from '@interseg/nifti';
import { bratsChannels } from '../layouts/brats.ts';

/** How many objects of a class a patient has, and how large they are. */
export interface PhantomObjects {
  /** The fewest and the most, inclusive; whole numbers. */
  readonly count: readonly [number, number];
  /** The smallest and the largest radius in millimetres. */
  readonly radius: readonly [number, number];
}

/** The layout of the folder of phantoms. */
export type PhantomLayout = 'msd' | 'brats';

/** The modality of phantoms: magnetic resonance, or computed tomography in Hounsfield units. */
export type PhantomModality = 'mr' | 'ct';

/** The form of distractors. */
export type DistractorShape = 'rod' | 'vessel' | 'disc';

/** What {@link generatePhantoms} makes. */
export interface PhantomOptions {
  /**
   * Defaults to `'msd'`. `'brats'` is the layout of BraTS 2019: `channels` and `classes` are fixed, and each object is
   * a tumour with oedema (2) around an enhancing rim (4) around a necrotic core (1).
   */
  readonly layout?: PhantomLayout;
  /**
   * Defaults to `'mr'`. `'ct'` has one channel, `CT`, in Hounsfield units: no bias field, normal noise, and objects that
   * add to the tissue around them instead of multiplying it; `contrast` and `noise` are then fractions of 100 HU.
   */
  readonly modality?: PhantomModality;
  /** Number of patients with labels. Defaults to 10. */
  readonly patients?: number;
  /** Number of further patients without labels (`imagesTs`). Defaults to 0. */
  readonly unlabelled?: number;
  /** Voxels along right, anterior and superior. Defaults to 64 × 64 × 16. */
  readonly shape?: Readonly<Triple>;
  /** Voxel size in millimetres. Defaults to 2.5 × 2.5 × 5. */
  readonly spacing?: Readonly<Triple>;
  /** The names of the classes, with the label values 1, 2, …. Defaults to one class, `lesion`. */
  readonly classes?: readonly string[];
  /** The names of the channels, each with a contrast of its own. Defaults to one channel, `T1` (`CT` in CT). */
  readonly channels?: readonly string[];
  /** One entry for all classes, or one per class. Defaults to 1 to 3 objects with radii from 5 to 12 mm. */
  readonly objects?: PhantomObjects | readonly PhantomObjects[];
  /**
   * The difference between an object's intensity and that of the surrounding tissue, as a fraction of the latter.
   * Defaults to 0.25.
   */
  readonly contrast?: number;
  /** The standard deviation of the noise, as a fraction of the intensity of the brighter tissues. Defaults to 0.05. */
  readonly noise?: number;
  /** The strength of the bias field, as an exponent. Defaults to 0.2, a factor from 0.82 to 1.22. */
  readonly biasField?: number;
  /** Number of distractors per patient: structures as bright or dark as the objects, of no class. Defaults to 6. */
  readonly distractors?: number;
  /**
   * The shapes that distractors have in turn. Defaults to `['rod']`: long and thin, in any direction. `'vessel'` (a tube
   * through all slices) and `'disc'` (in one slice alone) look like an object within a slice, so that only the slices
   * beside it tell them apart.
   */
  readonly distractorShapes?: readonly DistractorShape[];
  /**
   * The fraction of the patients whose objects are labelled too small: each is drawn as one whose half axes are `erosion`
   * millimetres shorter, but no shorter than a quarter. Which patients depends on the seed; of n in a row it is n times
   * the fraction, to within one. Defaults to 0. Images stay as they are.
   */
  readonly erodedMasks?: number;
  /** Millimetres by which `erodedMasks` are too small. Defaults to 2. */
  readonly erosion?: number;
  /** The fraction of the patients of whom one object is not labelled, chosen as those of `erodedMasks`. Defaults to 0. */
  readonly forgottenObjects?: number;
  /**
   * Adds the patients to the phantoms in the folder, with numbers that go on, instead of making a new data set. So one
   * data set has patients of several kinds. Channels and classes must be those of the folder, and the layout `'msd'`.
   * Defaults to false.
   */
  readonly append?: boolean;
  /** Defaults to 0. */
  readonly seed?: number | string;
}

/** The options with every default filled in, and objects for each class. */
export interface CompletePhantomOptions {
  readonly layout: PhantomLayout;
  readonly modality: PhantomModality;
  readonly patients: number;
  readonly unlabelled: number;
  readonly shape: Readonly<Triple>;
  readonly spacing: Readonly<Triple>;
  readonly classes: readonly string[];
  readonly channels: readonly string[];
  readonly objects: readonly PhantomObjects[];
  readonly contrast: number;
  readonly noise: number;
  readonly biasField: number;
  readonly distractors: number;
  readonly distractorShapes: readonly DistractorShape[];
  readonly erodedMasks: number;
  readonly erosion: number;
  readonly forgottenObjects: number;
  readonly append: boolean;
  readonly seed: number | string;
}

/** @throws OptionError naming the option that is out of range */
export function completePhantomOptions(options: PhantomOptions): CompletePhantomOptions {
  const { layout = 'msd', modality = 'mr' } = options;
  check('layout', layout, layout === 'msd' || layout === 'brats', 'msd or brats');
  for (const name of layout === 'brats' ? (['channels', 'classes'] as const) : []) {
    check(name, options[name], options[name] === undefined, 'nothing with the layout brats, which has its own');
  }
  check(
    'modality',
    modality,
    modality === 'mr' || (modality === 'ct' && layout === 'msd'),
    'mr, or ct with layout msd',
  );
  const {
    patients = 10,
    unlabelled = 0,
    shape = [64, 64, 16],
    spacing = [2.5, 2.5, 5],
    classes = [layout === 'brats' ? 'tumour' : 'lesion'],
    channels = layout === 'brats' ? bratsChannels : [modality === 'ct' ? 'CT' : 'T1'],
    objects = { count: [1, 3], radius: [5, 12] },
    contrast = 0.25,
    noise = 0.05,
    biasField = 0.2,
    distractors = 6,
    distractorShapes = ['rod'],
    erodedMasks = 0,
    erosion = 2,
    forgottenObjects = 0,
    append = false,
    seed = 0,
  } = options;
  check('patients', patients, patients >= 1 && Number.isInteger(patients), 'a whole number above 0');
  check('unlabelled', unlabelled, unlabelled >= 0 && Number.isInteger(unlabelled), 'a whole number');
  check(
    'shape',
    shape,
    shape.length === 3 && shape.every((n) => Number.isInteger(n) && n >= 4),
    'three extents from 4',
  );
  check(
    'spacing',
    spacing,
    spacing.length === 3 && spacing.every((mm) => mm > 0 && mm < Infinity),
    'three lengths in mm',
  );
  check('classes', classes, distinct(classes) && classes.length < 255, 'distinct names, at least one');
  check('channels', channels, distinct(channels), 'distinct names, at least one');
  const isCt = channels.length === 1 && /\bct/i.test(channels[0]!);
  check('channels', channels, modality === 'mr' || isCt, 'one channel named CT, with modality ct');
  check('contrast', contrast, contrast > 0 && contrast < 1, 'a fraction between 0 and 1');
  check('noise', noise, noise >= 0 && noise < 1, 'a fraction from 0 to 1');
  check('biasField', biasField, biasField >= 0 && biasField <= 2, 'an exponent from 0 to 2');
  check('distractors', distractors, distractors >= 0 && Number.isInteger(distractors), 'a whole number');
  const known = distractorShapes.length > 0 && distractorShapes.every((shape) => allDistractorShapes.includes(shape));
  check('distractorShapes', distractorShapes, known, `at least one of ${allDistractorShapes.join(', ')}`);
  check('erodedMasks', erodedMasks, isFraction(erodedMasks), 'a fraction from 0 to 1');
  check('erosion', erosion, erosion > 0 && erosion < Infinity, 'millimetres above 0');
  check('forgottenObjects', forgottenObjects, isFraction(forgottenObjects), 'a fraction from 0 to 1');
  check('append', append, !append || layout === 'msd', 'false, or the layout msd');
  const perClass = Array.isArray(objects)
    ? (objects as readonly PhantomObjects[])
    : classes.map(() => objects as PhantomObjects);
  check('objects', perClass.length, perClass.length === classes.length, 'one entry, or one for each class');
  for (const { count, radius } of perClass) {
    const whole = count.every((n) => Number.isInteger(n) && n >= 0) && count[0] <= count[1];
    check('objects.count', count, whole, 'the fewest and the most');
    check('objects.radius', radius, radius[0] > 0 && radius[0] <= radius[1], 'the smallest and the largest in mm');
  }
  return {
    layout,
    modality,
    patients,
    unlabelled,
    shape,
    spacing,
    classes,
    channels,
    objects: perClass,
    contrast,
    noise,
    biasField,
    distractors,
    distractorShapes,
    erodedMasks,
    erosion,
    forgottenObjects,
    append,
    seed,
  };
}

const allDistractorShapes: readonly DistractorShape[] = ['rod', 'vessel', 'disc'];

function isFraction(value: number): boolean {
  return value >= 0 && value <= 1;
}

function distinct(names: readonly string[]): boolean {
  return names.length > 0 && new Set(names).size === names.length && names.every((name) => name !== '');
}

function check(option: string, value: unknown, right: boolean, expected: string): void {
  if (!right) throw new OptionError(`The option ${option} is ${JSON.stringify(value)}, expected ${expected}.`);
}
