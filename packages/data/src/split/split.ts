import { OptionError } from '@interseg/errors';
import type { Case } from '../dataset.ts';
import { createRandom, type Random } from '../random/random.ts';

/** The ids of the cases of each part. */
export interface Split {
  train: string[];
  validation: string[];
  test: string[];
  /**
   * Cases whose images alone are trained on: those without labels, and labelled ones that are in no other part. Absent where
   * there are none.
   */
  unlabelled?: string[];
}

/** Options of {@link splitCases}. */
export interface SplitOptions {
  /** The fractions of patients for training, validation and testing, which add up to 1. Defaults to 0.7, 0.1, 0.2. */
  fractions?: readonly [number, number, number];
  /**
   * The number of folds of a cross-validation: every patient is in the test part of exactly one of them. The other
   * patients of a fold are divided by the ratio of the first two fractions; by default an eighth of them are for
   * validation.
   */
  folds?: number;
  /** The index of the fold, from 0; used with `folds`. */
  fold?: number;
  /**
   * The size of each case, by its id, such as the volume of its objects. Each part then gets patients of all sizes. The
   * size of a patient with several cases is their mean.
   */
  sizes?: ReadonlyMap<string, number>;
  /** Defaults to 0. */
  seed?: number | string;
}

/**
 * Divides cases by patient: all cases of a patient are in one part, and every case is in exactly one.
 *
 * The order of the cases does not matter, and the same seed gives the same split on every machine. Parts get patients
 * by their fractions (largest remainders first). As far as there are patients, training, then test, then validation get
 * at least one each, unless their fraction is 0. Folds differ by one patient at most.
 *
 * With sizes, patients are sorted by size. For a part of n patients the sorted list is cut into n runs of equal length,
 * and one patient is drawn from each: first for the test, then, among the others, for validation. With k folds the list
 * is cut into runs of k patients, and each fold gets one patient of every run.
 *
 * @throws OptionError when the fractions are not three numbers from 0 to 1 with the sum 1 and something for training,
 * there are fewer than two folds or fewer patients than folds, the fold is not one of them, or a case has no size
 */
export function splitCases(cases: readonly Pick<Case, 'id' | 'patient'>[], options: SplitOptions = {}): Split {
  const { fractions = [0.7, 0.1, 0.2], seed = 0, sizes } = options;
  checkFractions(fractions);
  const random = createRandom(seed).fork('split');
  // Sorted by code units: a locale's order would differ between machines.
  const patients = [...new Set(cases.map(({ patient }) => patient))].sort();
  random.shuffle(patients);
  if (sizes) sortBySize(patients, cases, sizes);
  const folds = checkFolds(options, patients.length);
  const { test, validation } = folds
    ? partsOfFold(patients, folds, fractions, random, sizes !== undefined)
    : partsByFractions(patients, fractions, random, sizes !== undefined);
  const partOf = (patient: string): 'train' | 'validation' | 'test' =>
    test.has(patient) ? 'test' : validation.has(patient) ? 'validation' : 'train';
  const split: Split = { train: [], validation: [], test: [] };
  for (const { id, patient } of cases) split[partOf(patient)].push(id);
  split.train.sort();
  split.validation.sort();
  split.test.sort();
  return split;
}

/** The patients of a split that are not for training. */
interface HeldBack {
  readonly test: ReadonlySet<string>;
  readonly validation: ReadonlySet<string>;
}

function partsByFractions(
  patients: readonly string[],
  fractions: readonly [number, number, number],
  random: Random,
  isOrdered: boolean,
): HeldBack {
  const [training, validating, testing] = partSizes(patients.length, fractions);
  if (!isOrdered) {
    return {
      validation: new Set(patients.slice(training, training + validating)),
      test: new Set(patients.slice(training + validating)),
    };
  }
  const test = drawEvenly(patients, testing, random.fork('test'));
  const others = patients.filter((patient) => !test.has(patient));
  return { test, validation: drawEvenly(others, validating, random.fork('validation')) };
}

function partsOfFold(
  patients: readonly string[],
  { folds, fold }: { folds: number; fold: number },
  [training, validating]: readonly [number, number, number],
  random: Random,
  isOrdered: boolean,
): HeldBack {
  // Without an order of size the patients are shuffled already.
  const dealt = isOrdered ? shuffleRuns(patients, folds, random.fork('folds')) : patients;
  const test = new Set(dealt.filter((_, index) => index % folds === fold));
  const others = patients.filter((patient) => !test.has(patient));
  const share = Math.round((others.length * validating) / (training + validating));
  const count = validating > 0 ? Math.min(Math.max(1, share), others.length - 1) : 0;
  return { test, validation: drawEvenly(others, count, random.fork(`validation ${fold}`)) };
}

/** Cuts the list into `count` runs, as equal in length as possible, and draws one from each. */
function drawEvenly(list: readonly string[], count: number, random: Random): Set<string> {
  const border = (run: number): number => Math.floor((run * list.length) / count);
  return new Set(
    Array.from({ length: count }, (_, run) => list[border(run) + random.integer(border(run + 1) - border(run))]!),
  );
}

/** The list with each run of `length` shuffled. */
function shuffleRuns(list: readonly string[], length: number, random: Random): string[] {
  const runs = Math.ceil(list.length / length);
  return Array.from({ length: runs }, (_, run) => random.shuffle(list.slice(run * length, (run + 1) * length))).flat();
}

/** Sorts patients by the mean size of their cases; those of equal size keep their order. */
function sortBySize(
  patients: string[],
  cases: readonly Pick<Case, 'id' | 'patient'>[],
  sizes: ReadonlyMap<string, number>,
): void {
  const ofPatient = new Map<string, number[]>();
  for (const { id, patient } of cases) {
    const size = sizes.get(id);
    if (size === undefined || !Number.isFinite(size)) {
      throw new OptionError(`The option sizes has ${size ?? 'nothing'} for the case ${id}, expected a number.`);
    }
    ofPatient.set(patient, [...(ofPatient.get(patient) ?? []), size]);
  }
  // Summed in order, as the order of the cases must not matter even for the last bit.
  const mean = (patient: string): number => {
    const list = ofPatient.get(patient)!.sort((a, b) => a - b);
    return list.reduce((a, b) => a + b) / list.length;
  };
  const means = new Map(patients.map((patient) => [patient, mean(patient)]));
  patients.sort((a, b) => means.get(a)! - means.get(b)!);
}

function checkFolds({ folds, fold }: SplitOptions, patients: number): { folds: number; fold: number } | undefined {
  if (folds === undefined && fold === undefined) return undefined;
  if (folds === undefined || !Number.isInteger(folds) || folds < 2 || folds > patients) {
    throw new OptionError(
      `The option folds is ${folds}, expected a whole number from 2 to the number of patients, ${patients}.`,
    );
  }
  if (fold === undefined || !Number.isInteger(fold) || fold < 0 || fold >= folds) {
    throw new OptionError(`The option fold is ${fold}, expected a whole number from 0 to ${folds - 1}.`);
  }
  return { folds, fold };
}

function checkFractions(fractions: readonly number[]): void {
  const sum = fractions.reduce((total, fraction) => total + fraction, 0);
  const inRange = fractions.every((fraction) => fraction >= 0 && fraction <= 1);
  if (fractions.length !== 3 || !inRange || fractions[0] === 0 || Math.abs(sum - 1) > 1e-6) {
    throw new OptionError(
      `The option fractions is ${fractions.join(', ')}, ` +
        'expected three numbers from 0 to 1 with the sum 1, the first (training) above 0.',
    );
  }
}

/** How many of `total` patients each part gets. */
function partSizes(total: number, fractions: readonly [number, number, number]): [number, number, number] {
  const shares = fractions.map((fraction) => fraction * total);
  // 0.7 · 10 is 7.000000000000001 in floating point, 0.1 · 30 is 3.0000000000000004: whole numbers must stay whole.
  const counts = shares.map((share) => Math.floor(share + 1e-9)) as [number, number, number];
  // Rounded, so that equal remainders are equal.
  const remainders = shares.map((share, part) => Math.round((share - counts[part]!) * 1e9));
  const byRemainder = [0, 2, 1].sort((a, b) => remainders[b]! - remainders[a]!);
  for (let left = total - counts.reduce((a, b) => a + b, 0), at = 0; left > 0; left--, at++) {
    counts[byRemainder[at]!]!++;
  }

  const wanted = [0, 2, 1].filter((part) => fractions[part]! > 0).slice(0, total);
  for (const part of wanted) {
    if (counts[part]! > 0) continue;
    const richest = [0, 2, 1].reduce((best, other) => (counts[other]! > counts[best]! ? other : best));
    counts[richest]!--;
    counts[part]!++;
  }
  return counts;
}
