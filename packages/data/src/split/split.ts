import { DataError } from '../errors.ts';
import type { Case } from '../layouts/dataset.ts';
import { createRandom } from '../random/random.ts';

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
  /** 0 unless told. */
  seed?: number | string;
}

/**
 * Divides cases by patient: all cases of a patient are in one part, every case is in exactly one.
 *
 * The order of the cases does not matter, and the same seed gives the same split on every machine. Parts get as many
 * patients as their fractions say (largest remainders first); beyond that, as far as there are patients, training, then
 * test, then validation get at least one each unless their fraction is 0.
 *
 * @throws DataError when the fractions are not three numbers from 0 to 1 with the sum 1 and something for training
 */
export function splitCases(cases: readonly Pick<Case, 'id' | 'patient'>[], options: SplitOptions = {}): Split {
  const { fractions = [0.7, 0.1, 0.2], seed = 0 } = options;
  checkFractions(fractions);
  // Sorted by code units: a locale's order would differ between machines.
  const patients = [...new Set(cases.map(({ patient }) => patient))].sort();
  createRandom(seed).fork('split').shuffle(patients);
  const [training, validation] = countsOf(patients.length, fractions);
  const parts = new Map<string, keyof Split>();
  patients.forEach((patient, index) => {
    parts.set(patient, index < training ? 'train' : index < training + validation ? 'validation' : 'test');
  });
  const split: Split = { train: [], validation: [], test: [] };
  for (const { id, patient } of cases) split[parts.get(patient)!].push(id);
  split.train.sort();
  split.validation.sort();
  split.test.sort();
  return split;
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
