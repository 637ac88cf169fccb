/** Red, green and blue from 0 to 255, and the opacity from 0 to 1. */
export type Color = readonly [red: number, green: number, blue: number, opacity: number];

/** The colours of 256 values. */
export interface ColorTable {
  readonly R: number[];
  readonly G: number[];
  readonly B: number[];
  readonly A: number[];
  readonly I: number[];
}

/** How far labels are apart in what is shown, so that a colour that is mixed with its neighbours' is still its own. */
export function stepBetween(labels: number): number {
  return Math.max(1, Math.floor(255 / Math.max(1, labels - 1)));
}

/** The colours of labels by their places, of which the first is the background. */
export function colorTable(colors: readonly Color[]): ColorTable {
  const step = stepBetween(colors.length);
  const places = Array.from({ length: 256 }, (_, value) => value);
  const at = (value: number): Color => colors[Math.min(colors.length - 1, Math.round(value / step))]!;
  return {
    R: places.map((value) => at(value)[0]),
    G: places.map((value) => at(value)[1]),
    B: places.map((value) => at(value)[2]),
    A: places.map((value) => Math.round(255 * at(value)[3])),
    I: places,
  };
}
