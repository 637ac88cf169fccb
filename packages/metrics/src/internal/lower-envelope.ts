/**
 * Replaces the values f along a line by min over q of f(q) + (step·(p − q))², infinite values standing for no site, in
 * time linear in the length: the lower envelope of the parabolas over all q.
 *
 * P. F. Felzenszwalb and D. P. Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8 (2012),
 * extended to a spacing.
 */
export class LowerEnvelope {
  private readonly values: Float64Array;
  /** Where the parabolas of the envelope have their lowest points, from left to right. */
  private readonly roots: Int32Array;
  /** Where each of them begins to be the lowest. */
  private readonly starts: Float64Array;
  private readonly squaredStep: number;

  constructor(
    private readonly length: number,
    step: number,
  ) {
    this.values = new Float64Array(length);
    this.roots = new Int32Array(length);
    this.starts = new Float64Array(length);
    this.squaredStep = step * step;
  }

  transform(field: Float64Array, start: number, stride: number): void {
    const { length, values, roots, starts, squaredStep } = this;
    let top = -1;
    for (let q = 0, index = start; q < length; q++, index += stride) {
      const value = field[index]!;
      values[q] = value;
      if (value === Infinity) {
        continue;
      }
      let from = -Infinity;
      while (top >= 0) {
        const root = roots[top]!;
        // Where the parabolas over q and over the last root meet.
        from = ((value - values[root]!) / (squaredStep * (q - root)) + (q + root)) / 2;
        if (from > starts[top]!) {
          break;
        }
        top--;
      }
      top++;
      roots[top] = q;
      starts[top] = top === 0 ? -Infinity : from;
    }
    if (top < 0) {
      return;
    }
    for (let p = 0, k = 0, index = start; p < length; p++, index += stride) {
      while (k < top && starts[k + 1]! < p) {
        k++;
      }
      const root = roots[k]!;
      field[index] = squaredStep * (p - root) * (p - root) + values[root]!;
    }
  }
}
