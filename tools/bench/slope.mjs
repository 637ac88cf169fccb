/**
 * The straight line through points by least squares.
 *
 * @param {readonly number[]} x
 * @param {readonly number[]} y as many, at least three
 * @returns {{ slope: number, error: number }} rise of y per unit of x, and the standard error of that
 */
export function slopeOf(x, y) {
  const count = x.length;
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / count;
  const [meanX, meanY] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const slope = x.reduce((sum, value, i) => sum + (value - meanX) * (y[i] - meanY), 0) / spread;
  const residual = y.reduce((sum, value, i) => sum + (value - meanY - slope * (x[i] - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(residual / (count - 2) / spread) };
}
