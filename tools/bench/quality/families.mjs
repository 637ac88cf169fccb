// The families of data sets that masks are compared on. Each seed makes another data set of a family.

/**
 * @typedef {object} Family
 * @property {string} title what is hard about it
 * @property {Readonly<Record<'train' | 'validation' | 'test', number>>} patients
 * @property {Readonly<Record<string, string | number>>} phantom flags of `interseg data phantom`
 * @property {readonly { name: string, values: readonly number[] }[]} classes what is scored: the label values of each
 */

const lesion = [{ name: 'lesion', values: [1] }];
const small = { shape: '128,128,12', spacing: '1.8,1.8,5', radius: '3.5,9', contrast: 0.35 };

/** @type {Readonly<Record<string, Family>>} */
export const families = {
  a: {
    title: 'small objects in heads',
    patients: { train: 34, validation: 6, test: 20 },
    phantom: small,
    classes: lesion,
  },
  b: {
    title: 'objects of 2 to 5 pixels in CT slices of 320×320',
    patients: { train: 24, validation: 4, test: 16 },
    phantom: {
      modality: 'ct',
      shape: '320,320,8',
      spacing: '0.7,0.7,1.5',
      radius: '0.7,1.75',
      count: '3,8',
      contrast: 0.4,
      noise: 0.1,
    },
    classes: lesion,
  },
  c: {
    title: 'thick objects among vessels and discs that only the neighbouring slices tell apart',
    patients: { train: 30, validation: 6, test: 20 },
    phantom: {
      shape: '96,96,16',
      spacing: '2.2,2.2,3.5',
      radius: '6,10',
      count: '2,4',
      contrast: 0.35,
      distractors: 8,
      distractorShapes: 'vessel,disc',
    },
    classes: lesion,
  },
  d: {
    title: 'nested regions in four channels (layout of BraTS)',
    patients: { train: 24, validation: 4, test: 16 },
    phantom: {
      layout: 'brats',
      shape: '96,96,12',
      spacing: '2.2,2.2,5',
      radius: '8,20',
      count: '1,2',
      contrast: 0.2,
      noise: 0.08,
    },
    classes: [
      { name: 'whole tumour', values: [1, 2, 4] },
      { name: 'tumour core', values: [1, 4] },
      { name: 'enhancing tumour', values: [4] },
    ],
  },
  e: {
    title: 'eight patients to learn from',
    patients: { train: 6, validation: 2, test: 20 },
    phantom: small,
    classes: lesion,
  },
};

/** The seed of the phantoms of a data set: no two families share patients. */
export function phantomSeed(family, seed) {
  return 1000 * (Object.keys(families).indexOf(family) + 1) + seed;
}

/**
 * Which patients are in which part: the first ones train. Phantoms do not depend on their number, so the order says
 * nothing.
 *
 * @param {Family} family
 * @returns {{ train: string[], validation: string[], test: string[] }} ids of cases
 */
export function splitOf({ patients }) {
  let last = 0;
  const take = (count) => Array.from({ length: count }, () => `phantom_${String(++last).padStart(3, '0')}`);
  return { train: take(patients.train), validation: take(patients.validation), test: take(patients.test) };
}
