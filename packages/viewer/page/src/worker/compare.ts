import { checkSameGrid, type ClassDefinition } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { connectedComponents, dice, objectWiseDetection } from '@interseg/metrics';
import { encodeNifti, readNifti, spacingFromAffine, type Volume } from '@interseg/nifti';
import { stepBetween } from '../view/color-table.ts';
import { describeObjects, maskOf, type Grid } from './objects.ts';
import type { ClassComparison, Comparison, MaskObject } from './protocol.ts';

/** Compares the mask of a scan with a reference on the same grid, class by class and object by object. */
export async function compare(classes: readonly ClassDefinition[], mask: Blob, reference: File): Promise<Comparison> {
  const predicted = await readNifti(mask);
  const expected = await readNifti(reference);
  checkGrid(expected, reference.name, predicted);
  checkValues(expected.data, classes, reference.name);
  const { affine, header } = predicted;
  const grid: Grid = { shape: predicted.shape.slice(0, 3), affine };
  const marks = new Uint8Array(predicted.data.length);
  const compared = classes.map(({ name, values }): ClassComparison => {
    const [ofMask, ofReference] = [predicted, expected].map(({ data }) => maskOf(data, values, grid)) as [Mask, Mask];
    const { objects, falsePositives } = objectWiseDetection(ofMask, ofReference);
    const missed = new Set(objects.filter(({ detected }) => !detected).map(({ label }) => label));
    const surplus = new Set(falsePositives.map(({ label }) => label));
    return {
      name,
      dice: dice(ofMask, ofReference),
      objects: objects.length,
      missed: markObjects(marks, 1, ofReference, missed, grid),
      surplus: markObjects(marks, 2, ofMask, surplus, grid),
    };
  });
  const shown = await encodeNifti({ data: marks, shape: grid.shape, affine, header });
  return { classes: compared, marks: new Blob([shown]) };
}

/** Draws some objects of a mask into the marks, and describes them. */
function markObjects(
  marks: Uint8Array,
  mark: number,
  mask: Mask,
  labels: ReadonlySet<number>,
  grid: Grid,
): MaskObject[] {
  const components = connectedComponents(mask);
  const step = stepBetween(3);
  components.labels.forEach((label, voxel) => {
    if (labels.has(label)) marks[voxel] = mark * step;
  });
  return describeObjects(components, grid).filter((_, index) => labels.has(index + 1));
}

type Mask = ReturnType<typeof maskOf>;

function checkGrid(reference: Volume, name: string, mask: Volume): void {
  const spatial = ({ shape, affine }: Volume, path: string) => {
    if (shape.slice(3).some((extent) => extent !== 1)) {
      throw new DataError(`${path}: found the shape ${shape.join(' × ')}, expected three axes: a mask.`);
    }
    return { path, shape: [0, 1, 2].map((axis) => shape[axis] ?? 1), spacing: spacingFromAffine(affine), affine };
  };
  checkSameGrid(spatial(reference, name), spatial(mask, 'the scan'));
}

function checkValues(data: ArrayLike<number>, classes: readonly ClassDefinition[], name: string): void {
  const known = new Set([0, ...classes.flatMap(({ values }) => values)]);
  let found = 0;
  for (let voxel = 0; voxel < data.length; voxel++) {
    const value = data[voxel]!;
    if (!Number.isInteger(value)) {
      throw new DataError(`${name}: found the value ${value}, expected whole numbers: a mask rather than a scan.`);
    }
    if (value !== 0 && known.has(value)) found++;
  }
  const hasOther = found === 0 && Array.prototype.some.call(data, (value: number) => value !== 0);
  if (hasOther) {
    const list = classes.map((one) => `${one.values.join('/')} (${one.name})`).join(', ');
    throw new DataError(`${name}: found none of the label values of the model, expected ${list}.`);
  }
}
