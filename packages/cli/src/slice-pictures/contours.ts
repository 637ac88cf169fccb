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
 * Traces the outlines of a mask as closed polygons. It follows the edges between mask and background with the mask on the left
 * and connects the midpoints of the edges, which cuts corners as marching squares do. Pixels that touch only at a corner get
 * separate outlines; holes get outlines too.
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
      const [dx, dy] = directions[direction]!;
      middles.push([x + dx / 2, y + dy / 2]);
      const end = (y + dy) * stride + x + dx;
      // Turning left first stays at the same pixel where two touch at a corner. Borders are closed, so one of these exists.
      const turns = [1, 0, 3].map((turn) => end * 4 + ((direction + turn) % 4));
      edge = turns.find((next) => next === start || edges.has(next))!;
    } while (edge !== start);
    contours.push(withoutStraightPoints(middles));
  }
  return contours;
}

/** Every edge between a mask pixel and background as 4 · (index of its first corner) + direction, with the mask on the left. */
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

/** Drops points on a straight line between their neighbours. */
function withoutStraightPoints(points: readonly Point[]): Point[] {
  const count = points.length;
  return points.filter(([x, y], index) => {
    const [beforeX, beforeY] = points[(index + count - 1) % count]!;
    const [afterX, afterY] = points[(index + 1) % count]!;
    return (x - beforeX) * (afterY - y) !== (y - beforeY) * (afterX - x);
  });
}
