import { code, signed, spread, table } from './cells.mjs';
import { chosenCurves } from './learning-curve.mjs';

/** The results of comparisons with different numbers of labelled patients, as one page of Markdown. */
export function curvePage(study, curves, comparisons) {
  const [{ settings, cases }] = comparisons;
  const numbers = curves[0].points.map(({ labelled }) => labelled);
  const runs = comparisons.reduce((sum, one) => sum + one.runs.length, 0);
  const engines = [...new Set(comparisons.flatMap((one) => one.runs.map(({ engine }) => engine)))].join(', ');
  return `# Results of the study \`${study}\`

Written by \`node tools/studies/run.mjs ${study}\` from ${runs} runs (seeds ${settings.seeds.join(', ')}) on the engine ${engines}: ${cases.validation} cases
for validation, ${cases.test} for testing. Values are the mean Dice over test cases and seeds ± the standard deviation over seeds; in
parentheses the difference from \`${curves[0].variant}\`, paired by patient. Bold: beyond chance after Holm's correction within the column.

${table(
  ['network', ...numbers.map((one) => `${one} labelled patients`)],
  curves.map((one) => [code(one), ...one.points.map(cell)]),
)}

![Dice over the number of labelled patients](learning-curve.svg)

The plot has the baseline, and the best of the others without and with images without labels, chosen by their validation Dice:
${chosenCurves(curves).map(code).join(', ')}.

Each number of patients by itself: ${numbers.map((one) => `[${one}](labelled-${one}.md)`).join(', ')}.
`;
}

function cell({ dice, difference, isBeyondChance }) {
  if (difference === null) return spread(dice, 3);
  return `${spread(dice, 3)} (${isBeyondChance ? `**${signed(difference)}**` : signed(difference)})`;
}
