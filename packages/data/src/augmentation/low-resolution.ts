/**
 * Shows an image as a scanner of lower resolution would: keeps the pixel nearest to the centre of each pixel of a
 * coarser grid, then interpolates linearly back to the first grid. Beyond the outermost centres the outermost values
 * are repeated. The same as `nearest-exact` and `bilinear` of PyTorch's `interpolate`, one after the other.
 *
 * @param image [H, W], changed in place
 * @param zoom the size of the coarser grid along each axis, as a part of the first one's: above 0, up to 1
 */
export function lowerResolution(image: Float32Array, [height, width]: readonly [number, number], zoom: number): void {
  const rows = Math.max(1, Math.round(height * zoom));
  const columns = Math.max(1, Math.round(width * zoom));
  if (rows === height && columns === width) return;
  const coarse = new Float32Array(rows * columns);
  const sourceColumns = Int32Array.from({ length: columns }, (_, column) => nearest(column, columns, width));
  for (let row = 0; row < rows; row++) {
    const start = nearest(row, rows, height) * width;
    for (let column = 0; column < columns; column++) {
      coarse[row * columns + column] = image[start + sourceColumns[column]!]!;
    }
  }
  const down = between(height, rows);
  const right = between(width, columns);
  for (let row = 0; row < height; row++) {
    const above = down.first[row]! * columns;
    const below = down.second[row]! * columns;
    const share = down.share[row]!;
    for (let column = 0; column < width; column++) {
      const [left, next, part] = [right.first[column]!, right.second[column]!, right.share[column]!];
      const upper = coarse[above + left]! * (1 - part) + coarse[above + next]! * part;
      const lower = coarse[below + left]! * (1 - part) + coarse[below + next]! * part;
      image[row * width + column] = upper * (1 - share) + lower * share;
    }
  }
}

/** The index on the fine axis whose pixel contains the centre of a coarse pixel. */
function nearest(index: number, coarse: number, fine: number): number {
  return Math.min(fine - 1, Math.floor(((index + 0.5) * fine) / coarse));
}

/** For each pixel of the fine axis the two coarse ones around its centre, and the second one's share. */
function between(fine: number, coarse: number) {
  const first = new Int32Array(fine);
  const second = new Int32Array(fine);
  const share = new Float64Array(fine);
  for (let index = 0; index < fine; index++) {
    const position = Math.min(coarse - 1, Math.max(0, ((index + 0.5) * coarse) / fine - 0.5));
    first[index] = Math.floor(position);
    second[index] = Math.min(coarse - 1, first[index]! + 1);
    share[index] = position - first[index]!;
  }
  return { first, second, share };
}
