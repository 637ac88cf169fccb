import type { Color } from './color-table.ts';

/** How a class is shown. */
export interface ClassAppearance {
  /** As `#rrggbb`. */
  color: string;
  /** From 0 to 1. */
  opacity: number;
  visible: boolean;
}

/** Colours that people tell apart whatever their colour vision (Okabe and Ito, 2008), those far from grey first. */
const palette = ['#e69f00', '#56b4e9', '#d55e00', '#009e73', '#cc79a7', '#f0e442', '#0072b2'] as const;

/** What marks missed objects and surplus ones. */
export const markColors: readonly Color[] = [
  [0, 0, 0, 0],
  [255, 64, 160, 0.95],
  [255, 255, 255, 0.95],
];

/** How classes are shown at first. */
export function initialAppearance(classes: number): ClassAppearance[] {
  return Array.from({ length: classes }, (_, index) => ({
    color: palette[index % palette.length]!,
    opacity: 0.6,
    visible: true,
  }));
}

/**
 * The colours of label values. Where classes overlap, a value is shown as the class with the fewest values, which is the
 * innermost one, among those that are visible.
 *
 * @param labels 0 and the label values
 */
export function labelColors(
  labels: readonly number[],
  classes: readonly { readonly values: readonly number[] }[],
  appearances: readonly ClassAppearance[],
): Color[] {
  return labels.map((label) => {
    const [shown] = classes
      .map(({ values }, index) => ({ values, appearance: appearances[index]! }))
      .filter(({ values, appearance }) => values.includes(label) && appearance.visible)
      .sort((a, b) => a.values.length - b.values.length);
    return shown ? [...channelsOf(shown.appearance.color), shown.appearance.opacity] : [0, 0, 0, 0];
  });
}

function channelsOf(color: string): [number, number, number] {
  const number = Number.parseInt(color.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
