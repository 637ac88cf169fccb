/** The results of a comparison as a page of Markdown, made from its `comparison.json` alone. */
export function resultsPage(study, { variants, tests, settings, cases, runs }) {
  const [baseline] = variants;
  const engines = [...new Set(runs.map(({ engine }) => engine))].join(', ');
  const epochs = [...new Set(runs.map((run) => run.epochs))].join(', ');
  return `# Results of the study \`${study}\`

Written by \`node tools/studies/run.mjs ${study}\` from its runs: ${runs.length} runs (seeds ${settings.seeds.join(', ')}) on the engine
${engines}; ${counted(cases.train, 'case')} to train on, ${cases.validation} to validate on, ${cases.test} to test on; ${epochs} epochs. Mean ± standard deviation
over seeds.

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

![Differences in Dice to ${baseline.variant}, with intervals](differences.svg)

## Objects by their size

Of the ${counted(cases.test, 'test case')}. Found: the part of objects that a prediction overlaps.

${table(
  ['network', ...strataOf(variants).flatMap(({ name, objects }) => [`${name} mm³ (${objects}): Dice`, 'found'])],
  variants.map((one) => [
    code(one),
    ...strataOf([one]).flatMap(({ dice, detectionRate }) => [spread(dice, 3), spread(detectionRate, 2)]),
  ]),
)}

## Convergence and cost

To 95 % of the best validation Dice of \`${baseline.variant}\`, over the runs that come to it; times as multiples of those of
\`${baseline.variant}\`.

${table(
  [
    'network',
    'epochs to it',
    'runs that reach it',
    'time to it',
    'time of a step',
    'trained weights',
    'shipped weights',
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

![Validation Dice by epoch](convergence.svg)
`;
}

function verdict({ comparisons, baseline, test, correction, interval, canConclude, level }, cases) {
  if (comparisons.every(({ interval: one }) => one === null)) {
    return `There is ${counted(cases, 'test case')}, so nothing can be concluded about others; the spread over seeds tells chance in training alone.`;
  }
  const how = `Differences are paired, over patients: ${test}, ${correction}; interval: ${interval}.`;
  if (!canConclude) return `${how} So few patients could give no significant result.`;
  const told = comparisons.filter(({ adjustedP }) => adjustedP <= level);
  const named = told.map((one) => `${code(one)} is ${one.meanDifference > 0 ? 'better' : 'worse'}`).join(', ');
  return `${how} ${told.length > 0 ? `Beyond chance, compared with \`${baseline}\`: ${named}.` : `None can be told from \`${baseline}\`.`}`;
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

function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function code({ variant }) {
  return `\`${variant}\``;
}

function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function spread({ mean, deviation }, digits) {
  if (mean === null) return '–';
  return deviation === null ? number(mean, digits) : `${number(mean, digits)} ± ${number(deviation, digits)}`;
}

function ratio(value, reference) {
  return value === null || reference === null ? '–' : `${number(value / reference, 2)} ×`;
}

function number(value, digits) {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

function signed(value) {
  if (value === null || value === undefined) return '–';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
