/** The results of a comparison as a page of Markdown, made from its `comparison.json` alone. */
export function resultsTable(study, { variants, tests, settings, cases, runs }) {
  const test = new Map(tests.comparisons.map((one) => [one.variant, one]));
  const header = [
    'network',
    'Dice',
    ...(variants[0]?.strata ?? []).map(({ name, objects }) => `Dice, objects of ${name} mm³ (${objects})`),
    'HD95 (mm)',
    'epochs to 95 % of the baseline',
    'time of a step',
    'difference in Dice (95 % interval)',
    'p (Holm)',
  ];
  const [baseline] = variants;
  const rows = variants.map((one) => {
    const paired = test.get(one.variant);
    return [
      `\`${one.variant}\``,
      spread(one.dice, 3),
      ...one.strata.map(({ dice }) => spread(dice, 3)),
      spread(one.hd95, 1),
      one.toBaseline.reached === 0
        ? 'not reached'
        : `${spread(one.toBaseline.epochs, 0)} (${one.toBaseline.reached} of ${one.runs})`,
      ratio(one.secondsPerStep.mean, baseline.secondsPerStep.mean),
      paired ? `${signed(paired.meanDifference)} (${(paired.interval ?? []).map(signed).join(' to ')})` : 'baseline',
      paired ? number(paired.adjustedP, 3) : '–',
    ];
  });
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return `# Results of the study \`${study}\`

Written by \`node tools/studies/run.mjs ${study}\` from its runs: ${runs.length} runs (seeds ${settings.seeds.join(', ')}) on the engine
${[...new Set(runs.map(({ engine }) => engine))].join(', ')}; ${cases.train} cases to train on, ${cases.validation} to validate on, ${cases.test} to test on; ${settings.epochs} epochs.
Mean ± standard deviation over seeds. Differences are paired, over patients: ${tests.test}, ${tests.correction}; interval: ${tests.interval}.

${line(header)}
${line(header.map(() => '---'))}
${rows.map(line).join('\n')}
`;
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
