import { meanDeviation, parseEntry } from '@interseg/experiments';

/**
 * What the comparisons of a study say together, each with another number of labelled patients: every entry that is in all of
 * them, with its Dice at each number.
 *
 * @param comparisons each a `comparison.json` of runs with `labelled` patients
 */
export function learningCurves(comparisons) {
  const sorted = [...comparisons].sort((a, b) => a.settings.labelled - b.settings.labelled);
  const [first, ...others] = sorted;
  const names = first.variants.map(({ variant }) => variant);
  return names
    .filter((name) => others.every(({ variants }) => variants.some(({ variant }) => variant === name)))
    .map((variant) => ({ variant, points: sorted.map((comparison) => pointOf(comparison, variant)) }));
}

/**
 * The three curves to look at: the baseline, the best other variant that has labels alone, and the best that has images without
 * labels as well. What is best is chosen on the validation cases, so that the test cases stay new.
 */
export function chosenCurves(curves) {
  const [baseline, ...others] = curves;
  const usesImages = ({ variant }) => (parseEntry(variant).settings.unlabelled ?? 0) !== 0;
  const best = (list) => list.toSorted((a, b) => validationOf(b) - validationOf(a))[0];
  const withLabels = others.filter((one) => !usesImages(one));
  return [baseline, best(withLabels), best(others.filter(usesImages))].filter(Boolean);
}

function validationOf({ points }) {
  return mean(points.map(({ validation }) => validation));
}

function pointOf({ settings, variants, tests, runs }, name) {
  const itsRuns = runs.filter(({ variant }) => variant === name);
  const test = tests.comparisons.find(({ variant }) => variant === name);
  return {
    labelled: settings.labelled,
    dice: variants.find(({ variant }) => variant === name).dice,
    validation: mean(itsRuns.map(({ bestValidationDice }) => bestValidationDice ?? 0)),
    interval: intervalOf(itsRuns),
    difference: test?.meanDifference ?? null,
    isBeyondChance: test !== undefined && test.adjustedP <= tests.level,
  };
}

/** 95 % for the mean over test cases, each averaged over the runs and its classes first; by the normal distribution. */
function intervalOf(runs) {
  const byCase = new Map();
  for (const { metrics } of runs) {
    for (const { id, classes } of metrics.cases) {
      byCase.set(id, [...(byCase.get(id) ?? []), ...Object.values(classes).map(({ dice }) => dice)]);
    }
  }
  const {
    mean: middle,
    deviation,
    n,
  } = meanDeviation([...byCase.values()].map((values) => meanDeviation(values).mean));
  const reach = (1.96 * (deviation ?? 0)) / Math.sqrt(n);
  return [middle - reach, middle + reach];
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
