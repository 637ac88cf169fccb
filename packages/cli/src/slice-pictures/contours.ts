/** A mask of pixels, row by row. */
export interface PixelMask {
  data: ArrayLike<number>;
  rows: number;
  columns: number;
}

/** A point in pixels: (0, 0) is the outer corner of the first pixel. */
export type Point = readonly [x: number, y: number];

/** Directions along the edges of pixels, in the order of turns to the left (y downwards). */
const directions: readonly Point[] = [
  [1, 0],
  [0, -1],
  [-1, 0],
  [0, 1],
];

/**
 * The outlines of a mask as closed polygons: the borders between its pixels and others are followed with the mask on the
 * left, and the middles of their edges are connected, which cuts corners as marching squares do. Pixels that touch by a
 * corner only have outlines of their own; holes have outlines as well.
 */
export function traceContours(mask: PixelMask): Point[][] {
  const edges = borderEdges(mask);
  const contours: Point[][] = [];
  const stride = mask.columns + 1;
  for (const start of edges) {
    const middles: Point[] = [];
    let edge = start;
    do {
      edges.delete(edge);
      const direction = edge % 4;
      const vertex = (edge - direction) / 4;
      const [x, y] = [vertex % stride, Math.floor(vertex / stride)];
      const [dx, dy] = directions[direction] as Point;
      middles.push([x + dx / 2, y + dy / 2]);
      const end = (y + dy) * stride + x + dx;
      // Turning left first keeps to the same pixel where two touch by a corner. Borders are closed, so one of these is there.
      const turns = [1, 0, 3].map((turn) => end * 4 + ((direction + turn) % 4));
      edge = turns.find((next) => next === start || edges.has(next)) as number;
    } while (edge !== start);
    contours.push(withoutStraightPoints(middles));
  }
  return contours;
}

/** Every edge between a pixel of the mask and one outside, as 4 · (its first corner) + direction, the mask on its left. */
function borderEdges({ data, rows, columns }: PixelMask): Set<number> {
  const edges = new Set<number>();
  const stride = columns + 1;
  const isInside = (row: number, column: number): boolean =>
    row >= 0 && row < rows && column >= 0 && column < columns && data[row * columns + column] !== 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!isInside(row, column)) continue;
      const corner = row * stride + column;
      if (!isInside(row + 1, column)) edges.add((corner + stride) * 4);
      if (!isInside(row, column + 1)) edges.add((corner + stride + 1) * 4 + 1);
      if (!isInside(row - 1, column)) edges.add((corner + 1) * 4 + 2);
      if (!isInside(row, column - 1)) edges.add(corner * 4 + 3);
    }
  }
  return edges;
}

/** Drops the points between two others on one line, which add nothing but length. */
function withoutStraightPoints(points: readonly Point[]): Point[] {
  const count = points.length;
  return points.filter(([x, y], index) => {
    const [beforeX, beforeY] = points[(index + count - 1) % count] as Point;
    const [afterX, afterY] = points[(index + 1) % count] as Point;
    return (x - beforeX) * (afterY - y) !== (y - beforeY) * (afterX - x);
  });
}
