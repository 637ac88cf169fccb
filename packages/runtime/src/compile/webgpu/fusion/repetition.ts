/**
 * How the numbers of a smaller tensor are repeated to the shape of a larger one. The number for place i of the larger one
 * is at floor(i / outer) · inner + floor(i / step) mod inner.
 */
export interface Repetition {
  readonly outer: number;
  readonly inner: number;
  readonly step: number;
}

/**
 * Finds the repetition of a shape that is broadcast to another one, such as `[C]` or `[N, 1, 1, C]` to `[N, H, W, C]`.
 *
 * @returns nothing if there are more than two groups of repeated axes
 */
export function repetition(shape: readonly number[], outShape: readonly number[]): Repetition | undefined {
  const sizes = [...Array.from({ length: outShape.length - shape.length }, () => 1), ...shape];
  // From the last axis on: repeated ones, kept ones, repeated ones; the first kept ones follow.
  const axes = outShape.flatMap((size, axis) => (size === 1 ? [] : [{ size, isKept: sizes[axis] === size }])).reverse();
  const take = (isKept: boolean): number => {
    let product = 1;
    while (axes[0]?.isKept === isKept) product *= axes.shift()!.size;
    return product;
  };
  const [step, inner, repeated] = [take(false), take(true), take(false)];
  take(true);
  return axes.length > 0 ? undefined : { outer: step * inner * repeated, inner, step };
}
