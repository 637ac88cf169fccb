import { readLabels, type DataSet } from '@interseg/data';
import { determinant } from '@interseg/nifti';
import { connectedComponents } from '@interseg/metrics';
import { classMask } from '../evaluation/class-mask.ts';

/**
 * How large the objects of each labelled case are: the mean volume in mm³ of the connected components of all classes, each
 * class by itself; 0 for a case without any. To be used as `sizes` of `splitCases`. Only the label maps are read.
 *
 * @param options.onCase called before each case is read
 * @throws DataError when a label map cannot be read or has a label that is in no class
 */
export async function objectSizes(
  dataset: Pick<DataSet, 'cases' | 'classes'>,
  options: { onCase?: (id: string) => void } = {},
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const { id, label } of dataset.cases) {
    options.onCase?.(id);
    const { labels: data, shape, spacing, affine } = await readLabels(dataset, label!);
    const objects = dataset.classes.flatMap((definition) => {
      const components = connectedComponents(classMask({ data, shape, spacing }, definition));
      return Array.from(components.sizes);
    });
    const voxels = objects.reduce((sum, size) => sum + size, 0);
    sizes.set(id, objects.length === 0 ? 0 : (voxels / objects.length) * Math.abs(determinant(affine)));
  }
  return sizes;
}
