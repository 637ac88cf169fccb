import { html, type Html } from '../html/html.ts';
import { significant } from '../terminal/numbers.ts';
import { tickText } from './axis.ts';
import type { Frame, Series } from './frame.ts';

/** Draws the grid lines and ticks of both axes. */
export function axes(frame: Frame, xLabel: string): Html {
  const { x, y, left, right, bottom, height, isLogarithmic, isCounted } = frame;
  const horizontal = y.ticks.map((tick) => ({ text: tickText(tick), at: fixed(y.position(tick)) }));
  const vertical = x.ticks
    .filter((tick) => !isCounted || Number.isInteger(tick))
    .map((tick) => ({ text: tickText(tick), at: fixed(x.position(tick)) }));
  return html`${horizontal.map(
      ({ text, at }) =>
        html`<line class="grid" x1="${left}" x2="${right}" y1="${at}" y2="${at}" /><text
            class="tick"
            x="${left - 7}"
            y="${Number(at) + 4}"
            text-anchor="end"
          >
            ${text}
          </text>`,
    )}${vertical.map(
      ({ text, at }) => html`<text class="tick" x="${at}" y="${bottom + 16}" text-anchor="middle">${text}</text>`,
    )}<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" /><text
      class="label"
      x="${(left + right) / 2}"
      y="${height - 4}"
      text-anchor="middle"
    >
      ${xLabel}${isLogarithmic && ' (vertical axis logarithmic)'}
    </text>`;
}

/** Draws a line as one path, interrupted at gaps; a value between two gaps becomes a dot. */
export function line({ values, style, xs }: Series, { x, y }: Frame): Html {
  let isDrawing = false;
  const commands = values.map((value, index) => {
    if (value === undefined || !Number.isFinite(value)) {
      isDrawing = false;
      return '';
    }
    const point = `${fixed(x.position(xs?.[index] ?? index + 1))} ${fixed(y.position(value))}`;
    // A line of length 0 with round ends is a dot.
    const command = isDrawing ? `L${point}` : `M${point}l0 0`;
    isDrawing = true;
    return command;
  });
  return html`<path class="line ${style}" d="${commands.join('')}" />`;
}

/** Draws the band around a line that has a spread. */
export function band({ values, spread, style, xs }: Series, { x, y, top, bottom }: Frame): Html {
  const points = values.flatMap((value, index) => {
    const half = spread?.[index];
    return value === undefined || half === undefined ? [] : [{ at: xs?.[index] ?? index + 1, value, half }];
  });
  if (points.length < 2) return html``;
  const within = (position: number): number => Math.min(bottom, Math.max(top, position));
  const edge = (sign: number): string[] =>
    points.map(({ at, value, half }) => `${fixed(x.position(at))} ${fixed(within(y.position(value + sign * half)))}`);
  return html`<path class="spread ${style}" d="M${[...edge(1), ...edge(-1).reverse()].join('L')}Z" />`;
}

/** Draws the points of a line that has positions of its own, with their values as titles. */
export function points({ name, values, xs, style }: Series, { x, y }: Frame): Html {
  return html`${values.map((value, index) => {
    const at = xs?.[index];
    if (at === undefined || value === undefined) return html``;
    const title = `${name}: ${significant(value, 4)} at ${significant(at, 4)}`;
    return html`<circle class="point ${style}" cx="${fixed(x.position(at))}" cy="${fixed(y.position(value))}" r="2.2">
      <title>${title}</title>
    </circle>`;
  })}`;
}

/** Marks a point of the first line, with text on the side that has more room. */
export function mark({ index, text }: { index: number; text: string }, series: readonly Series[], frame: Frame): Html {
  const value = series[0]?.values[index];
  if (value === undefined) return html``;
  const [left, top] = [frame.x.position(index + 1), frame.y.position(value)];
  const isRight = left > frame.width / 2;
  const isBelow = top < frame.top + 24;
  return html`<circle class="mark" cx="${fixed(left)}" cy="${fixed(top)}" r="4.5" /><text
      class="mark-text"
      x="${fixed(left + (isRight ? -4 : 4))}"
      y="${fixed(top + (isBelow ? 22 : -11))}"
      text-anchor="${isRight ? 'end' : 'start'}"
    >
      ${text}
    </text>`;
}

/** An invisible strip over one position that shows a guide line and the values on hover. */
export function pointerBand(index: number, xLabel: string, series: readonly Series[], frame: Frame): Html {
  const { left, right, top, bottom, count } = frame;
  const step = (right - left) / Math.max(1, count - 1);
  const middle = frame.x.position(index + 1);
  const present = series.filter(({ values }) => values[index] !== undefined);
  const values = present.map((one) => `${one.name} ${significant(one.values[index]!, 4)}`);
  const title = [`${xLabel} ${index + 1}`, ...values].join('\n');
  return html`<g class="band">
    <title>${title}</title>
    <rect x="${fixed(middle - step / 2)}" y="${top}" width="${fixed(step)}" height="${bottom - top}" />
    <line x1="${fixed(middle)}" x2="${fixed(middle)}" y1="${top}" y2="${bottom}" />
  </g>`;
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
