import type { MeanDeviation } from '@interseg/experiments';
import { html, type Html } from '../../html/html.ts';
import { decimals } from '../../terminal/numbers.ts';

/** A cell with a mean and, in small type, its standard deviation. */
export function spreadCell(value: MeanDeviation, digits: number, { isBest = false, className = '' } = {}): Html {
  const { mean, deviation } = value;
  return html`<td class="number ${isBest && 'best'} ${className}">
    ${decimals(mean, digits)}${deviation !== null && html` <span class="deviation">± ${decimals(deviation, digits)}</span>`}
  </td>`;
}

/** Marks the best means as displayed: several where they look the same, none where all look the same. */
export function markBest(values: readonly MeanDeviation[], digits: number, better: 'higher' | 'lower'): boolean[] {
  const shown = values.map(({ mean }) => (mean === null ? null : Number(mean.toFixed(digits))));
  const present = shown.filter((value) => value !== null);
  if (new Set(present).size < 2) return values.map(() => false);
  const best = better === 'higher' ? Math.max(...present) : Math.min(...present);
  return shown.map((value) => value === best);
}

/** A table that scrolls sideways where space is short. */
export function scrollingTable(head: Html, body: readonly Html[]): Html {
  return html`<div class="scroll">
    <table class="compared">
      <thead>
        ${head}
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}
