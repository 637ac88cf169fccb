import { linearAxis, logarithmicAxis, type Axis } from './axis.ts';

/** One line of a chart. */
export interface Series {
  name: string;
  /** A class of the style sheet, which gives the colour. */
  style: string;
  /** One value per x; gaps where there is none. */
  values: readonly (number | undefined)[];
  /** Where the values are on the horizontal axis; at 1, 2, 3, … without it. All series of a chart have it or none. */
  xs?: readonly number[];
  /** How far the values spread to both sides, drawn as a band. */
  spread?: readonly (number | undefined)[];
}

/** Where a chart's plot lies in its drawing, and its axes. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** How many values each line has. */
  count: number;
  x: Axis;
  y: Axis;
  isLogarithmic: boolean;
  /** Whether the horizontal axis counts 1, 2, 3, … */
  isCounted: boolean;
}

/** Beyond this ratio a linear axis would press the smaller values flat. */
const logarithmicFrom = 30;

/**
 * The frame that shows all values: from 0 where they are positive, logarithmic where they differ too much.
 *
 * @param range of the vertical axis, unless the values decide
 */
export function frameOf(
  series: readonly Series[],
  { width, height }: { width: number; height: number },
  range?: readonly [number, number],
): Frame {
  const edges = { left: 52, right: width - 14, top: 14, bottom: height - 38 };
  const count = Math.max(1, ...series.map(({ values }) => values.length));
  const xs = series.flatMap((one) => one.xs ?? []);
  const isCounted = xs.length === 0;
  const x = linearAxis(isCounted ? [1, Math.max(2, count)] : [0, Math.max(...xs)], [edges.left, edges.right], 6);
  const vertical = range ?? rangeOf(series);
  const positions = [edges.bottom, edges.top] as const;
  const isLogarithmic = !range && vertical[0] > 0;
  const y = isLogarithmic
    ? logarithmicAxis(vertical, positions)
    : linearAxis(vertical, positions, height < 200 ? 4 : 5);
  return { width, height, ...edges, count, x, y, isLogarithmic, isCounted };
}

/** A range above 0 asks for a logarithmic axis. */
function rangeOf(series: readonly Series[]): [number, number] {
  const values = series.flatMap((one) => one.values).filter((value) => value !== undefined && Number.isFinite(value));
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...(values as number[])), Math.max(...(values as number[]))];
  if (low > 0 && high / low > logarithmicFrom) return [low / 1.15, high * 1.15];
  const start = low >= 0 ? 0 : low - 0.05 * (high - low);
  return [start, high + 0.05 * (high - start) || 1];
}
