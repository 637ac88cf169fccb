import { html, type Html } from '../../html/html.ts';
import { headings } from '../../html/tables.ts';
import { decimals, duration } from '../../terminal/numbers.ts';
import type { ComparisonContent } from '../comparison-content.ts';
import { entryVariant } from '../entry-variant.ts';
import { scrollingTable } from './cells.ts';

/** Every run, with a link to its own report. */
export function runsTable({ comparison: { runs } }: ComparisonContent): Html {
  const hasFolds = runs.some(({ fold }) => fold !== undefined);
  const columns = [
    'Seed',
    ...(hasFolds ? ['Fold'] : []),
    'Test Dice',
    'Validation Dice',
    'Best epoch',
    'Epochs',
    'Training time',
    'Report',
  ];
  const rows = runs.map(({ variant, seed, fold, metrics, bestValidationDice, bestEpoch, epochs, seconds, folder }) => {
    const cells = [
      String(seed),
      ...(hasFolds ? [String(fold)] : []),
      decimals(metrics.mean.dice, 3),
      decimals(bestValidationDice, 3),
      String(bestEpoch),
      String(epochs),
      duration(seconds),
    ];
    return html`<tr>
      <th scope="row">${entryVariant(variant).title}</th>
      ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
      <td class="number"><a href="${folder}/report.html">open</a></td>
    </tr>`;
  });
  return html`<section>
    <h2>Runs</h2>
    ${scrollingTable(headings('Variant', columns), rows)}
  </section>`;
}
