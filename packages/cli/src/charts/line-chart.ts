import { html, type Html } from '../html/html.ts';
import { createFrame, type Series } from './frame.ts';
import { axes, band, line, mark, pointerBand, points } from './parts.ts';

/** The content of a line chart. */
export interface LineChart {
  title: string;
  /** Label of the horizontal axis; where series have no `xs`, the singular of what it counts. */
  xLabel: string;
  series: readonly Series[];
  /** Height for a width of 480. Defaults to 260. */
  height?: number;
  /** Range of the vertical axis. Defaults to a range that fits the values. */
  range?: readonly [number, number];
  /** A point of the first line to mark, and the text beside it. */
  marked?: { index: number; text: string };
}

const width = 480;

/** Draws a chart as inline SVG with axes, lines and a legend. Hovering shows the values under the pointer. */
export function lineChart({ title, xLabel, series: all, height = 260, range, marked }: LineChart): Html {
  const series = all.filter(({ values }) => values.some((value) => value !== undefined));
  const frame = createFrame(series, { width, height }, range);
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
