import { code, number, signed, spread, table } from './cells.mjs';

/**
 * The results of a comparison as a page of Markdown, made from its `comparison.json` alone.
 *
 * @param plots what the names of its plots begin with
 */
export function resultsPage(study, { variants, tests, settings, cases, runs }, plots = '') {
  const [baseline] = variants;
  const engines = [...new Set(runs.map(({ engine }) => engine))].join(', ');
  const epochs = [...new Set(runs.map((run) => run.epochs))].sort((a, b) => a - b).join(', ');
  return `# Results of the study \`${study}\`

Written by \`node tools/studies/run.mjs ${study}\` from ${runs.length} runs (seeds ${settings.seeds.join(', ')}) on the engine ${engines}: ${trainedOn(settings, cases)},
${cases.validation} for validation, ${cases.test} for testing; ${epochs} epochs. Values are the mean ± standard deviation over seeds.

## Segmentation

${verdict(tests, cases.test)}

${table(
  ['network', 'Dice', 'HD95 (mm)', 'difference in Dice (95 % interval)', 'p (Holm)'],
  variants.map((one) => [
    code(one),
    spread(one.dice, 3),
    spread(one.hd95, 1),
    ...difference(tests.comparisons.find(({ variant }) => variant === one.variant)),
  ]),
)}

![Differences in Dice to ${baseline.variant}, with intervals](${plots}differences.svg)

## Objects by their size

All objects of the ${counted(cases.test, 'test case')}. Found: the fraction of objects that a prediction overlaps.

${table(
  ['network', ...strataOf(variants).flatMap(({ name, objects }) => [`${name} mm³ (${objects}): Dice`, 'found'])],
  variants.map((one) => [
    code(one),
    ...strataOf([one]).flatMap(({ dice, detectionRate }) => [spread(dice, 3), spread(detectionRate, 2)]),
  ]),
)}

## Convergence and cost

The target is 95 % of the best validation Dice of \`${baseline.variant}\`. Epochs and times are means over the runs that reach it; times are
multiples of those of \`${baseline.variant}\`.

${table(
  [
    'network',
    'epochs to target',
    'runs that reach it',
    'time to target',
    'time per step',
    'trained parameters',
    'shipped parameters',
  ],
  variants.map((one) => [
    code(one),
    spread(one.toBaseline.epochs, 0),
    `${one.toBaseline.reached} of ${one.runs}`,
    ratio(one.toBaseline.seconds.mean, baseline.toBaseline.seconds.mean),
    ratio(one.secondsPerStep.mean, baseline.secondsPerStep.mean),
    String(one.parameters?.training ?? '–'),
    String(one.parameters?.deploy ?? '–'),
  ]),
)}

![Validation Dice by epoch](${plots}convergence.svg)
`;
}

function trainedOn({ labelled }, { train }) {
  return typeof labelled === 'number'
    ? `${counted(labelled, 'labelled patient')} drawn from ${train} by each seed`
    : counted(train, 'training case');
}

function verdict({ comparisons, baseline, test, correction, interval, canConclude, level }, cases) {
  if (comparisons.every(({ interval: one }) => one === null)) {
    return `With ${counted(cases, 'test case')}, nothing can be concluded about others; the spread over seeds shows only the randomness of training.`;
  }
  const how = `Differences are paired by patient. Test: ${test}; correction: ${correction}; interval: ${interval}.`;
  if (!canConclude) return `${how} With so few patients, no difference could be significant.`;
  const significant = comparisons.filter(({ adjustedP }) => adjustedP <= level);
  const named = significant.map((one) => `${code(one)} is ${one.meanDifference > 0 ? 'better' : 'worse'}`).join(', ');
  return `${how} ${significant.length > 0 ? `Significant, compared with \`${baseline}\`: ${named}.` : `No difference from \`${baseline}\` is significant.`}`;
}

function difference(paired) {
  if (!paired) return ['baseline', '–'];
  if (!paired.interval) return [signed(paired.meanDifference), '–'];
  return [
    `${signed(paired.meanDifference)} (${paired.interval.map(signed).join(' to ')})`,
    paired.adjustedP < 0.001 ? '< 0.001' : number(paired.adjustedP, 3),
  ];
}

/** The ranges of sizes that have objects. */
function strataOf(variants) {
  return (variants[0]?.strata ?? []).filter(({ objects }) => objects > 0);
}

function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function ratio(value, reference) {
  return value === null || reference === null ? '–' : `${number(value / reference, 2)} ×`;
}
