import { DataError } from '../errors.ts';
import type { Case } from '../layouts/dataset.ts';
import { createRandom, type Random } from '../random/random.ts';

/** The ids of the cases of each part. */
export interface Split {
  train: string[];
  validation: string[];
  test: string[];
}

/** Options of {@link splitCases}. */
export interface SplitOptions {
  /** The fractions of patients for training, validation and test, 1 together; 0.7, 0.1, 0.2 unless told. */
  fractions?: readonly [number, number, number];
  /**
   * How many folds of a cross-validation: every patient is in the test part of exactly one of them. Of the other patients of
   * a fold as many are for validation as the first two fractions say, by default an eighth.
   */
  folds?: number;
  /** Which of the folds, from 0; together with `folds`. */
  fold?: number;
  /**
   * A size of each case, by its id, such as the volume of its objects: parts then get patients of all sizes. A patient with
   * several cases counts with their mean.
   */
  sizes?: ReadonlyMap<string, number>;
  /** 0 unless told. */
  seed?: number | string;
}

/**
 * Divides cases by patient: all cases of a patient are in one part, every case is in exactly one.
 *
 * The order of the cases does not matter, and the same seed gives the same split on every machine. Parts get as many
 * patients as their fractions say (largest remainders first); beyond that, as far as there are patients, training, then
 * test, then validation get at least one each unless their fraction is 0. Folds differ by one patient at most.
 *
 * With sizes, patients are put in order of size; for n patients of a part the order is cut into n runs of equal length and
 * one patient is drawn from each, first for the test, then among the others for validation. Folds get one patient each of
 * every run of as many as there are folds.
 *
 * @throws DataError when the fractions are not three numbers from 0 to 1 with the sum 1 and something for training, there
 * are fewer than two folds or fewer patients than folds, the fold is none of them, or a case has no size
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
  const partOf = (patient: string): keyof Split =>
    test.has(patient) ? 'test' : validation.has(patient) ? 'validation' : 'train';
  const split: Split = { train: [], validation: [], test: [] };
  for (const { id, patient } of cases) split[partOf(patient)].push(id);
  split.train.sort();
  split.validation.sort();
  split.test.sort();
  return split;
}

/** Patients of a split that are not for training. */
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
  const [training, validating, testing] = countsOf(patients.length, fractions);
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

/** One of each of `count` runs into which the list is cut, as equal in length as can be. */
function drawEvenly(list: readonly string[], count: number, random: Random): Set<string> {
  const border = (run: number): number => Math.floor((run * list.length) / count);
  return new Set(
    Array.from({ length: count }, (_, run) => list[border(run) + random.integer(border(run + 1) - border(run))]!),
  );
}

/** The list with each run of `length` shuffled in itself. */
function shuffleRuns(list: readonly string[], length: number, random: Random): string[] {
  const runs = Math.ceil(list.length / length);
  return Array.from({ length: runs }, (_, run) => random.shuffle(list.slice(run * length, (run + 1) * length))).flat();
}

/** Sorts patients by the mean size of their cases; those of equal size stay as they are. */
function sortBySize(
  patients: string[],
  cases: readonly Pick<Case, 'id' | 'patient'>[],
  sizes: ReadonlyMap<string, number>,
): void {
  const ofPatient = new Map<string, number[]>();
  for (const { id, patient } of cases) {
    const size = sizes.get(id);
    if (size === undefined || !Number.isFinite(size)) {
      throw new DataError(`The option sizes has ${size ?? 'nothing'} for the case ${id}, expected a number.`);
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
    throw new DataError(
      `The option folds is ${folds}, expected a whole number from 2 to the number of patients, ${patients}.`,
    );
  }
  if (fold === undefined || !Number.isInteger(fold) || fold < 0 || fold >= folds) {
    throw new DataError(`The option fold is ${fold}, expected a whole number from 0 to ${folds - 1}.`);
  }
  return { folds, fold };
}

function checkFractions(fractions: readonly number[]): void {
  const sum = fractions.reduce((total, fraction) => total + fraction, 0);
  const inRange = fractions.every((fraction) => fraction >= 0 && fraction <= 1);
  if (fractions.length !== 3 || !inRange || fractions[0] === 0 || Math.abs(sum - 1) > 1e-6) {
    throw new DataError(
      `The option fractions is ${fractions.join(', ')}, ` +
        'expected three numbers from 0 to 1 with the sum 1, the first (training) above 0.',
    );
  }
}

/** How many of `total` patients each part gets. */
function countsOf(total: number, fractions: readonly [number, number, number]): [number, number, number] {
  const shares = fractions.map((fraction) => fraction * total);
  // 0.7 · 10 is 7.000000000000001 in floating point, 0.1 · 30 is 3.0000000000000004: whole numbers must stay whole.
  const counts = shares.map((share) => Math.floor(share + 1e-9)) as [number, number, number];
  // Rounded, so that equal remainders are equal.
  const remainders = shares.map((share, part) => Math.round((share - counts[part]!) * 1e9));
  const byRemainder = [0, 2, 1].sort((a, b) => remainders[b]! - remainders[a]!);
  for (let left = total - counts.reduce((a, b) => a + b, 0), at = 0; left > 0; left--, at++)
    counts[byRemainder[at]!]!++;

  const wanted = [0, 2, 1].filter((part) => fractions[part]! > 0).slice(0, total);
  for (const part of wanted) {
    if (counts[part]! > 0) continue;
    const richest = [0, 2, 1].reduce((best, other) => (counts[other]! > counts[best]! ? other : best));
    counts[richest]!--;
    counts[part]!++;
  }
  return counts;
}
