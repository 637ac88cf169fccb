import { significant } from '../../terminal/numbers.ts';
import { html, type Html } from '../html/html.ts';
import { linearAxis, logarithmicAxis, type Axis } from './axis.ts';
import { tickText } from './ticks.ts';

/** One line of a chart. */
export interface Series {
  name: string;
  /** A class of the style sheet, which gives the colour. */
  style: string;
  /** One value per x; gaps where there is none. */
  values: readonly (number | undefined)[];
}

export interface LineChart {
  title: string;
  /** What the horizontal axis counts, from 1. */
  xLabel: string;
  series: readonly Series[];
  /** The range of values unless the values decide. */
  range?: readonly [number, number];
  /** A point to point out: the index of its x, and what to write beside it. */
  marked?: { index: number; text: string };
}

const width = 480;
const height = 260;
const margin = { left: 52, right: 14, top: 14, bottom: 38 };
/** Beyond this ratio a linear axis would press the smaller values flat. */
const logarithmicFrom = 30;

/** A chart as inline SVG: axes, lines, a legend, and a title that tells the values under the pointer. */
export function lineChart(chart: LineChart): Html {
  const series = chart.series.filter(({ values }) => values.some((value) => value !== undefined));
  const count = Math.max(1, ...series.map(({ values }) => values.length));
  const x = linearAxis([1, Math.max(2, count)], [margin.left, width - margin.right], 6);
  const y = verticalAxis(series, chart.range);
  const whole = x.ticks.filter(Number.isInteger);
  const label = `${chart.title}: ${series.map(({ name }) => name).join(', ')}, over ${count} ${chart.xLabel}s`;
  return html`<figure class="chart">
    <figcaption>
      <strong>${chart.title}</strong>
      ${series.length > 1 && html`<span class="legend">${series.map(legendEntry)}</span>`}
    </figcaption>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
      ${y.axis.ticks.map((tick) => horizontalLine(tick, y.axis.position(tick)))}
      ${whole.map((tick) => xTick(tick, x.position(tick)))}
      <line
        class="axis"
        x1="${margin.left}"
        x2="${width - margin.right}"
        y1="${height - margin.bottom}"
        y2="${height - margin.bottom}"
      />
      <text class="label" x="${(margin.left + width - margin.right) / 2}" y="${height - 4}" text-anchor="middle">
        ${chart.xLabel}${y.isLogarithmic && ' (vertical axis logarithmic)'}
      </text>
      ${series.map((one) => line(one, x, y.axis))} ${chart.marked && mark(chart.marked, series, x, y.axis)}
      ${Array.from({ length: count }, (_, index) => pointerBand(index, count, chart.xLabel, series, x))}
    </svg>
  </figure>`;
}

/** The vertical axis that shows all values: from 0 where they are near it, logarithmic where they differ too much. */
function verticalAxis(series: readonly Series[], range?: readonly [number, number]) {
  const positions = [height - margin.bottom, margin.top] as const;
  if (range) return { axis: linearAxis(range, positions), isLogarithmic: false };
  const values = series.flatMap((one) => one.values.filter((value) => value !== undefined && Number.isFinite(value)));
  const [low, high] = [Math.min(...(values as number[])), Math.max(...(values as number[]))];
  if (values.length === 0) return { axis: linearAxis([0, 1], positions), isLogarithmic: false };
  if (low > 0 && high / low > logarithmicFrom) {
    return { axis: logarithmicAxis([low / 1.15, high * 1.15], positions), isLogarithmic: true };
  }
  const start = low >= 0 ? 0 : low - 0.05 * (high - low);
  return { axis: linearAxis([start, high + 0.05 * (high - start) || 1], positions), isLogarithmic: false };
}

function legendEntry({ name, style }: Series): Html {
  return html`<span class="key"
    ><svg viewBox="0 0 22 8" aria-hidden="true"><line class="line ${style}" x1="1" x2="21" y1="4" y2="4" /></svg
    >${name}</span
  >`;
}

function horizontalLine(tick: number, y: number): Html {
  return html`<line
      class="grid"
      x1="${margin.left}"
      x2="${width - margin.right}"
      y1="${fixed(y)}"
      y2="${fixed(y)}"
    /><text class="tick" x="${margin.left - 7}" y="${fixed(y + 4)}" text-anchor="end">${tickText(tick)}</text>`;
}

function xTick(tick: number, x: number): Html {
  return html`<text class="tick" x="${fixed(x)}" y="${height - margin.bottom + 16}" text-anchor="middle"
    >${tickText(tick)}</text
  >`;
}

/** Runs of neighbouring values as one path; a value without neighbours as a dot. */
function line({ values, style }: Series, x: Axis, y: Axis): Html {
  let isDrawing = false;
  const commands = values.map((value, index) => {
    if (value === undefined || !Number.isFinite(value)) {
      isDrawing = false;
      return '';
    }
    const point = `${fixed(x.position(index + 1))} ${fixed(y.position(value))}`;
    // A line of no length with round ends is a dot.
    const command = isDrawing ? `L${point}` : `M${point}l0 0`;
    isDrawing = true;
    return command;
  });
  return html`<path class="line ${style}" d="${commands.join('')}" />`;
}

function mark({ index, text }: { index: number; text: string }, series: readonly Series[], x: Axis, y: Axis): Html {
  const value = series[0]?.values[index];
  if (value === undefined) return html``;
  const [left, top] = [x.position(index + 1), y.position(value)];
  const isRight = left > width / 2;
  const below = top < margin.top + 24;
  return html`<circle class="mark" cx="${fixed(left)}" cy="${fixed(top)}" r="4.5" /><text
      class="mark-text"
      x="${fixed(left + (isRight ? -8 : 8))}"
      y="${fixed(top + (below ? 20 : -9))}"
      text-anchor="${isRight ? 'end' : 'start'}"
      >${text}</text
    >`;
}

/** An unseen strip over one x that shows a guide and the values when the pointer is on it. */
function pointerBand(index: number, count: number, xLabel: string, series: readonly Series[], x: Axis): Html {
  const step = (width - margin.left - margin.right) / Math.max(1, count - 1);
  const middle = x.position(index + 1);
  const present = series.filter(({ values }) => values[index] !== undefined);
  const values = present.map((one) => `${one.name} ${significant(one.values[index] as number, 4)}`);
  return html`<g class="band"
    ><rect
      x="${fixed(middle - step / 2)}"
      y="${margin.top}"
      width="${fixed(step)}"
      height="${height - margin.top - margin.bottom}"
    /><line x1="${fixed(middle)}" x2="${fixed(middle)}" y1="${margin.top}" y2="${height - margin.bottom}" /><title>
      ${[`${xLabel} ${index + 1}`, ...values].join('\n')}
    </title></g
  >`;
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
