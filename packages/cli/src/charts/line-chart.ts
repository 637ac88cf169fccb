import { html, type Html } from '../html/html.ts';
import { frameOf, type Series } from './frame.ts';
import { axes, band, line, mark, pointerBand, points } from './parts.ts';

/** What a line chart shows. */
export interface LineChart {
  title: string;
  /** What the horizontal axis counts, from 1; where series have `xs`, what it measures. */
  xLabel: string;
  series: readonly Series[];
  /** Height for a width of 480; 260 unless told. */
  height?: number;
  /** The range of the vertical axis, unless the values decide. */
  range?: readonly [number, number];
  /** A point of the first line to point out: the index of its x, and what to write beside it. */
  marked?: { index: number; text: string };
}

const width = 480;

/** A chart as inline SVG: axes, lines, a legend, and titles that tell the values under the pointer. */
export function lineChart({ title, xLabel, series: all, height = 260, range, marked }: LineChart): Html {
  const series = all.filter(({ values }) => values.some((value) => value !== undefined));
  const frame = frameOf(series, { width, height }, range);
  const label = `${title}: ${series.map(({ name }) => name).join(', ')}, over ${frame.isCounted ? `${frame.count} ${xLabel}s` : xLabel}`;
  return html`<figure class="chart">
    <figcaption>
      <strong>${title}</strong>
      ${series.length > 1 && html`<span class="legend">${series.map(legendEntry)}</span>`}
    </figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
      ${axes(frame, xLabel)} ${series.map((one) => band(one, frame))} ${series.map((one) => line(one, frame))}
      ${marked && mark(marked, series, frame)}
      ${
        frame.isCounted
          ? Array.from({ length: frame.count }, (_, index) => pointerBand(index, xLabel, series, frame))
          : series.map((one) => points(one, frame))
      }
    </svg>
  </figure>`;
}

function legendEntry({ name, style }: Series): Html {
  return html`<span class="key"
    ><svg viewBox="0 0 22 8" aria-hidden="true"><line class="line ${style}" x1="1" x2="21" y1="4" y2="4" /></svg
    >${name}</span
  >`;
}
