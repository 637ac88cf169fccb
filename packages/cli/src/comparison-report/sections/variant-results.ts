import type { ComparisonFile, PairedTest } from '@interseg/experiments';
import { html, type Html } from '../../html/html.ts';
import { headings } from '../../html/tables.ts';
import { pValue, signed } from '../../terminal/numbers.ts';
import type { ComparisonContent } from '../comparison-content.ts';
import { entryVariant } from '../entry-variant.ts';
import { markBest, scrollingTable, spreadCell } from './cells.ts';

/** How well each variant segments the test cases, and whether it differs significantly from the baseline. */
export function variantResults({ comparison }: ComparisonContent): Html {
  const { variants, tests, settings, cases } = comparison;
  const best = {
    dice: markBest(
      variants.map(({ dice }) => dice),
      3,
      'higher',
    ),
    hd95: markBest(
      variants.map(({ hd95 }) => hd95),
      1,
      'lower',
    ),
    assd: markBest(
      variants.map(({ assd }) => assd),
      2,
      'lower',
    ),
  };
  const unit = html` <span class="unit">mm</span>`;
  const columns = ['Dice', 'Difference', '95 % interval', 'p', 'p (Holm)', html`HD95${unit}`, html`ASSD${unit}`];
  const rows = variants.map(({ variant, dice, hd95, assd }, index) => {
    const test = tests.comparisons.find((one) => one.variant === variant);
    return html`<tr>
      <th scope="row">${entryVariant(variant).title}</th>
      ${spreadCell(dice, 3, { isBest: best.dice[index] })} ${testCells(test, tests.level)}
      ${spreadCell(hd95, 1, { isBest: best.hd95[index] })} ${spreadCell(assd, 2, { isBest: best.assd[index] })}
    </tr>`;
  });
  return html`<section>
    <h2>Test cases</h2>
    <p>
      Mean over ${cases.test} test ${cases.test === 1 ? 'case and its' : 'cases and their'} classes, whole volumes on
      their original grids${settings.seeds.length > 1 && ` ± standard deviation over ${settings.seeds.length} seeds`}.
    </p>
    ${scrollingTable(headings('Variant', columns), rows)} ${howTested(comparison)}
  </section>`;
}

function testCells(test: PairedTest | undefined, level: number): Html {
  if (!test) {
    return html`<td class="number unit">baseline</td>
      ${[1, 2, 3].map(() => html`<td></td>`)}`;
  }
  const { meanDifference, interval, p, adjustedP } = test;
  const range = interval ? interval.map((end) => signed(end, 3)).join(' to ') : '–';
  return html`<td class="number">${signed(meanDifference, 3)}</td>
    <td class="number">${range}</td>
    <td class="number">${pValue(p)}</td>
    <td class="number ${adjustedP <= level && 'best'}">${pValue(adjustedP)}</td>`;
}

/** Which statistical tests were used, and on what. */
function howTested({ tests, settings, variants }: ComparisonFile): Html {
  const [first] = tests.comparisons;
  if (!first) return html``;
  const count = tests.comparisons.length;
  const isExact = tests.comparisons.every((test) => test.isExact);
  const zeros = Math.max(...tests.comparisons.map((test) => test.zeros));
  const empty = variants.some(({ hd95, dice }) => hd95.n < dice.n);
  return html`<p class="note">
    Difference: Dice minus that of ${entryVariant(tests.baseline).title}, paired by case and class (${first.pairs}
    pairs${first.leftOut > 0 && `; ${first.leftOut} left out because both masks are empty`}), averaged over
    ${settings.seeds.length === 1 ? 'one seed' : `${settings.seeds.length} seeds`} and then within each patient (n =
    ${first.n}). p: two-sided Wilcoxon signed-rank test, ${isExact ? 'exact' : 'normal approximation'}; zeros by Pratt’s
    method${zeros > 0 && ` (at most ${zeros})`}, ties by mid-ranks. p (Holm): corrected for ${count}
    ${count === 1 ? 'comparison' : 'comparisons'}. Interval: percentile bootstrap over patients, too narrow when there
    are few. The tests generalise to new patients, with these trained networks;
    ${settings.seeds.length === 1 ? 'one seed says nothing about what training again would change' : 'the deviation over seeds shows what training again would change'}.
    ${empty && 'Mean distances leave out runs without a distance.'}
  </p>`;
}
