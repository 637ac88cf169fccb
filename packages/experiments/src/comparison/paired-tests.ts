import type { ComparedRun } from './compared-run.ts';
import { poolFolds } from './pool-folds.ts';
import { bootstrapInterval } from './statistics/bootstrap.ts';
import { holmAdjusted } from './statistics/holm.ts';
import { signedRankTest, type SignedRankTest } from './statistics/signed-rank.ts';

/** A variant against the baseline, on the same test cases. */
export interface PairedTest extends SignedRankTest {
  variant: string;
  /** Pairs of Dice: a class of a case each. */
  pairs: number;
  /** Pairs that a run of either variant has no Dice for, as the class is neither there nor predicted. */
  leftOut: number;
  /** Dice of the variant minus that of the baseline, mean over patients. `null` without any. */
  meanDifference: number | null;
  /** Of the mean difference: 95 %, percentile bootstrap over patients. `null` with fewer than two. */
  interval: [number, number] | null;
  /** Corrected by Holm for the number of comparisons. */
  adjustedP: number;
}

/** The tests of a comparison, and how they were made. */
export interface PairedTests {
  baseline: string;
  test: string;
  correction: string;
  interval: string;
  level: number;
  /** Whether so few patients could give a significant result at all, for some variant. */
  canConclude: boolean;
  comparisons: PairedTest[];
}

const level = 0.05;

/** By case and class. */
type DiceByPair = Map<string, { patient: string; dice: number | null }>;

/**
 * Tests each variant against the baseline. The Dice of a class of a case, averaged over the seeds, is paired with that of
 * the baseline. The differences of one patient are averaged, as classes and cases of one patient are not independent of
 * each other; Wilcoxon's signed-rank test is over patients. It tells about new patients, for networks trained as these;
 * how much a new training would change is told by the spread over seeds.
 *
 * @param runs all runs, by variant; the first variant is the baseline
 * @param patientOf the patient of a case
 */
export function pairedTests(
  runs: ReadonlyMap<string, readonly ComparedRun[]>,
  patientOf: (id: string) => string,
): PairedTests {
  const [[baseline, baselineRuns] = ['', []], ...others] = runs;
  const reference = dicePerPair(baselineRuns, patientOf);
  const tests = others.map(([variant, itsRuns]): Omit<PairedTest, 'adjustedP'> => {
    const { differences, pairs, leftOut } = patientDifferences(dicePerPair(itsRuns, patientOf), reference);
    const n = differences.length;
    return {
      variant,
      pairs,
      leftOut,
      ...signedRankTest(differences),
      meanDifference: n > 0 ? differences.reduce((a, b) => a + b) / n : null,
      interval: bootstrapInterval(differences) ?? null,
    };
  });
  const adjusted = holmAdjusted(tests.map(({ p }) => p));
  return {
    baseline,
    test: 'Wilcoxon signed-rank, two-sided, over patients; zeros by Pratt, ties by mid-ranks',
    correction: 'Holm',
    interval: '95 % percentile bootstrap of the mean difference over patients, 10000 resamples',
    level,
    // Holm rejects nothing unless the smallest p is below the level divided by the number of tests.
    canConclude: tests.some(({ smallestP }) => tests.length * smallestP <= level),
    comparisons: tests.map((test, index) => ({ ...test, adjustedP: adjusted[index]! })),
  };
}

/** The Dice of each class of each case, mean over the seeds that have it; none where one of them has none. */
function dicePerPair(runs: readonly ComparedRun[], patientOf: (id: string) => string): DiceByPair {
  const seeds = poolFolds(runs);
  const counts = new Map<string, number>();
  for (const { id } of seeds.flatMap(({ cases }) => cases)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const result: DiceByPair = new Map();
  for (const { cases } of seeds) {
    for (const { id, classes } of cases) {
      for (const [name, { dice }] of Object.entries(classes)) {
        const key = JSON.stringify([id, name]);
        const sum = result.get(key) ?? { patient: patientOf(id), dice: 0 };
        sum.dice = dice === null || sum.dice === null ? null : sum.dice + dice / counts.get(id)!;
        result.set(key, sum);
      }
    }
  }
  return result;
}

function patientDifferences(dice: DiceByPair, reference: DiceByPair) {
  const byPatient = new Map<string, number[]>();
  let [pairs, leftOut] = [0, 0];
  for (const [key, { patient, dice: value }] of dice) {
    const other = reference.get(key)?.dice ?? null;
    if (value === null || other === null) {
      leftOut++;
      continue;
    }
    pairs++;
    byPatient.set(patient, [...(byPatient.get(patient) ?? []), value - other]);
  }
  const differences = [...byPatient.values()].map((all) => all.reduce((a, b) => a + b) / all.length);
  return { differences, pairs, leftOut };
}
