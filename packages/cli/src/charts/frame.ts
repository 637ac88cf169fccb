import { linearAxis, logarithmicAxis, type Axis } from './axis.ts';

/** One line of a chart. */
export interface Series {
  name: string;
  /** A class of the style sheet, which sets the colour. */
  style: string;
  /** One value per position; `undefined` leaves a gap. */
  values: readonly (number | undefined)[];
  /** Positions on the horizontal axis. Defaults to 1, 2, 3, …; either all series of a chart have positions or none. */
  xs?: readonly number[];
  /** Half the height of a band around each value. */
  spread?: readonly (number | undefined)[];
}

/** The plot area of a chart, in pixels of its drawing, and its axes. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** Number of values of the longest line. */
  count: number;
  x: Axis;
  y: Axis;
  isLogarithmic: boolean;
  /** Whether the horizontal axis counts 1, 2, 3, … */
  isCounted: boolean;
}

/** Beyond this ratio of largest to smallest value, a linear axis would flatten the small values. */
const logarithmicFrom = 30;

/**
 * Creates a frame that shows all values. The vertical axis is logarithmic where positive values differ widely; otherwise it
 * includes 0.
 *
 * @param range of the vertical axis. Defaults to a range that fits the values
 */
export function createFrame(
  series: readonly Series[],
  { width, height }: { width: number; height: number },
  range?: readonly [number, number],
): Frame {
  const edges = { left: 52, right: width - 14, top: 14, bottom: height - 38 };
  const count = Math.max(1, ...series.map(({ values }) => values.length));
  const xs = series.flatMap((one) => one.xs ?? []);
  const isCounted = xs.length === 0;
  const x = linearAxis(isCounted ? [1, Math.max(2, count)] : [0, Math.max(...xs)], [edges.left, edges.right], 6);
  const vertical = range ?? findRange(series);
  const positions = [edges.bottom, edges.top] as const;
  const isLogarithmic = !range && vertical[0] > 0;
  const y = isLogarithmic
    ? logarithmicAxis(vertical, positions)
    : linearAxis(vertical, positions, height < 200 ? 4 : 5);
  return { width, height, ...edges, count, x, y, isLogarithmic, isCounted };
}

/** The range of the vertical axis; one above 0 asks for a logarithmic axis. */
function findRange(series: readonly Series[]): [number, number] {
  const values = series.flatMap((one) => one.values).filter((value) => value !== undefined && Number.isFinite(value));
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...(values as number[])), Math.max(...(values as number[]))];
  if (low > 0 && high / low > logarithmicFrom) return [low / 1.15, high * 1.15];
  const start = low >= 0 ? 0 : low - 0.05 * (high - low);
  return [start, high + 0.05 * (high - start) || 1];
}
