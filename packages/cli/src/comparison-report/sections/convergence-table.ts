import type { Convergence } from '@interseg/experiments';
import { html, type Html } from '../../html/html.ts';
import { headings } from '../../html/tables.ts';
import { decimals, duration } from '../../terminal/numbers.ts';
import type { ComparisonContent } from '../comparison-content.ts';
import { entryVariant } from '../entry-variant.ts';
import { scrollingTable } from './cells.ts';

/** How soon each variant comes close to the best of the baseline, and to its own best. */
export function convergenceTable({ comparison: { variants, tests } }: ComparisonContent): Html {
  const title = entryVariant(tests.baseline).title;
  const target = decimals(variants[0]?.toBaseline.target, 3);
  const columns = [`Epochs to ${title}’s best`, 'Time', 'Epochs to own best', 'Time', '95 % of own best'];
  const rows = variants.map(
    ({ variant, runs, toBaseline, toOwnBest }) =>
      html`<tr>
        <th scope="row">${entryVariant(variant).title}</th>
        ${convergenceCells(toBaseline, runs)} ${convergenceCells(toOwnBest, runs)}
        <td class="number">${decimals(toOwnBest.target, 3)}</td>
      </tr>`,
  );
  return html`<h3>Time to 95 % of the best</h3>
    <p>
      The first epoch, and the training time until then, at which the validation Dice reaches 95 % of the best of
      ${title} (${target}), and 95 % of the run’s own best. Brackets tell how many runs reach it, if not all do.
    </p>
    ${scrollingTable(headings('Variant', columns), rows)}`;
}

function convergenceCells({ reached, epochs, seconds }: Convergence, runs: number): Html {
  if (reached === 0) {
    return html`<td class="number">–</td>
      <td class="number">–</td>`;
  }
  const part = reached < runs ? ` (${reached} of ${runs})` : '';
  const digits = Number.isInteger(epochs.mean) && epochs.deviation === null ? 0 : 1;
  return html`<td class="number">
      ${decimals(epochs.mean, digits)}${epochs.deviation !== null && html` <span class="deviation">± ${decimals(epochs.deviation, digits)}</span>`}${part}
    </td>
    <td class="number">${duration(seconds.mean!)}</td>`;
}
