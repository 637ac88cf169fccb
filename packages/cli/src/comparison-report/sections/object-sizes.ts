import type { MeanDeviation, StratumSummary } from '@interseg/experiments';
import { html, type Html } from '../../html/html.ts';
import { volumeRange } from '../../terminal/numbers.ts';
import type { ComparisonContent } from '../comparison-content.ts';
import { entryVariant } from '../entry-variant.ts';
import { markBest, scrollingTable, spreadCell } from './cells.ts';

const measures: readonly {
  heading: string;
  digits: number;
  better: 'higher' | 'lower';
  of: (s: StratumSummary) => MeanDeviation;
}[] = [
  { heading: 'Dice', digits: 3, better: 'higher', of: ({ dice }) => dice },
  { heading: 'Sensitivity', digits: 3, better: 'higher', of: ({ sensitivity }) => sensitivity },
  { heading: 'Detected', digits: 2, better: 'higher', of: ({ detectionRate }) => detectionRate },
  { heading: 'False', digits: 1, better: 'lower', of: ({ falsePositives }) => falsePositives },
];

/** How well each variant finds ground-truth objects of each size. */
export function objectSizes({ comparison: { variants } }: ComparisonContent): Html {
  const filled = (variants[0]?.strata ?? []).flatMap(({ objects }, index) => (objects > 0 ? [index] : []));
  if (filled.length === 0) return html``;
  const columns = filled.flatMap((index) => measures.map((measure) => ({ index, ...measure })));
  const cells = columns.map(({ index, of, digits, better }) => {
    const values = variants.map((variant) => of(variant.strata[index]!));
    const best = markBest(values, digits, better);
    return values.map((value, row) => spreadCell(value, digits, { isBest: best[row] }));
  });
  const head = html`<tr>
      <th scope="col" rowspan="2">Variant</th>
      ${filled.map((index) => {
        const { lower, upper, objects } = variants[0]!.strata[index]!;
        const count = objects === 1 ? '1 object' : `${objects} objects`;
        return html`<th scope="colgroup" colspan="${measures.length}" class="group">
          ${volumeRange(lower, upper)} (${count})
        </th>`;
      })}
    </tr>
    <tr>
      ${columns.map(({ heading }) => html`<th scope="col" class="number">${heading}</th>`)}
    </tr>`;
  const body = variants.map(
    ({ variant }, row) =>
      html`<tr>
        <th scope="row">${entryVariant(variant).title}</th>
        ${cells.map((column) => column[row])}
      </tr>`,
  );
  return html`<section>
    <h2>By object size</h2>
    <p>
      Objects are the connected components of the ground truth; each counts equally. Detected: the fraction of objects
      with at least one predicted voxel. False: number of predicted objects of that size that touch no true object.
    </p>
    ${scrollingTable(head, body)}
  </section>`;
}
