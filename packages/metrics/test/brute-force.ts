import type { Mask } from '../src/mask.ts';

/** The definitions written out with coordinates, without cropping, transforms or union-find. */

type Point = number[];

function coordinates({ shape }: Mask, index: number): Point {
  const point: Point = [];
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    point[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return point;
}

function at({ data, shape }: Mask, point: Point): number {
  if (point.some((value, axis) => value < 0 || value >= shape[axis]!)) {
    return 0;
  }
  return data[point.reduce((index, value, axis) => index * shape[axis]! + value, 0)]!;
}

function foreground(mask: Mask): Point[] {
  return Array.from(mask.data, (_, index) => coordinates(mask, index)).filter((point) => at(mask, point) !== 0);
}

function surface(mask: Mask): Point[] {
  const neighbors = (point: Point) =>
    point.flatMap((_, axis) => [-1, 1].map((by) => point.map((value, other) => (other === axis ? value + by : value))));
  return foreground(mask).filter((point) => neighbors(point).some((neighbor) => at(mask, neighbor) === 0));
}

export function directedDistances(from: Mask, to: Mask): number[] {
  const spacing = from.spacing ?? from.shape.map(() => 1);
  const targets = surface(to);
  return surface(from).map((point) =>
    Math.min(
      ...targets.map((target) => Math.hypot(...point.map((value, axis) => (value - target[axis]!) * spacing[axis]!))),
    ),
  );
}

/** Labels by flood fill, in the order of first voxels; `reach` is along how many axes neighbours may differ. */
export function floodFill(mask: Mask, reach: number): number[] {
  const points = foreground(mask);
  const labels = new Map<string, number>();
  let count = 0;
  for (const seed of points) {
    if (labels.has(seed.join())) {
      continue;
    }
    count++;
    const queue = [seed];
    labels.set(seed.join(), count);
    while (queue.length > 0) {
      const point = queue.pop()!;
      for (const other of points) {
        const steps = other.map((value, axis) => Math.abs(value - point[axis]!));
        const touches = steps.every((step) => step <= 1) && steps.reduce((a, b) => a + b, 0) <= reach;
        if (touches && !labels.has(other.join())) {
          labels.set(other.join(), count);
          queue.push(other);
        }
      }
    }
  }
  return Array.from(mask.data, (_, index) => labels.get(coordinates(mask, index).join()) ?? 0);
}
