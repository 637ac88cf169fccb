/**
 * Holm's correction (Scandinavian Journal of Statistics 6, 1979) for several tests at once: the adjusted p-values, in the
 * order given. Rejecting those below a level keeps the probability of any false rejection below it.
 */
export function holmAdjusted(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((index, position) => {
    largest = Math.max(largest, Math.min(1, (ps.length - position) * ps[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
}
