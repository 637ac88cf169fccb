import { connectedComponents } from '@interseg/metrics';

/**
 * Leaves of each class only its largest connected component (voxels that touch by a face, an edge or a corner); elsewhere
 * its probability becomes 0. The first of several that are equally large stays.
 *
 * @param probabilities one volume for each class, first axis fastest, changed in place
 * @param shape of the volumes, first axis fastest
 */
export function keepLargestComponents(probabilities: readonly Float32Array[], shape: readonly number[]): void {
  for (const volume of probabilities) {
    const data = Uint8Array.from(volume, (probability) => (probability >= 0.5 ? 1 : 0));
    const { labels, sizes } = connectedComponents({ data, shape: [...shape].reverse() });
    const largest = sizes.indexOf(Math.max(...sizes)) + 1;
    for (let voxel = 0; voxel < volume.length; voxel++) {
      if (data[voxel] === 1 && labels[voxel] !== largest) volume[voxel] = 0;
    }
  }
}
