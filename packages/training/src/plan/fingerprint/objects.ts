import { connectedComponents } from '@interseg/metrics';

/** A connected object of one class. */
export interface MeasuredObject {
  readonly voxels: number;
  /** Number of slices that it is in. */
  readonly slices: number;
  /** Diameter of the circle with the area of its largest cross-section, in pixels. */
  readonly diameter: number;
  /** The longer side of the rectangle around it within the slices, in pixels. */
  readonly extent: number;
}

/**
 * Measures the connected objects of a mask, whose voxels touch at a face, an edge or a corner.
 *
 * @param mask 0 and 1, slice by slice and row by row
 * @param shape slices, rows, columns
 */
export function measureObjects(mask: Uint8Array, shape: readonly [number, number, number]): MeasuredObject[] {
  const { labels, sizes } = connectedComponents({ data: mask, shape: [...shape] });
  const [slices, rows, columns] = shape;
  const found = sizes.map((voxels) => ({
    voxels,
    slices: 0,
    area: 0,
    top: rows,
    bottom: -1,
    left: columns,
    right: -1,
  }));
  const areas = new Map<number, number>();
  for (let slice = 0, index = 0; slice < slices; slice++) {
    areas.clear();
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const label = labels[index++]!;
        if (label === 0) continue;
        areas.set(label, (areas.get(label) ?? 0) + 1);
        const object = found[label - 1]!;
        object.top = Math.min(object.top, row);
        object.bottom = Math.max(object.bottom, row);
        object.left = Math.min(object.left, column);
        object.right = Math.max(object.right, column);
      }
    }
    for (const [label, area] of areas) {
      const object = found[label - 1]!;
      object.slices++;
      object.area = Math.max(object.area, area);
    }
  }
  return found.map(({ voxels, slices: across, area, top, bottom, left, right }) => ({
    voxels,
    slices: across,
    diameter: 2 * Math.sqrt(area / Math.PI),
    extent: Math.max(bottom - top, right - left) + 1,
  }));
}
