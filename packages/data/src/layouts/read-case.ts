import { elementCount } from '../arrays.ts';
import { DataError } from '../errors.ts';
import { affineDistance, spacingOf, type Triple } from '../geometry/affine.ts';
import { readNifti, type ReadLimits, type Volume } from '../nifti/read.ts';
import type { CaseVolume, LabelArray } from './case-volume.ts';
import { splitChannels } from './channels.ts';
import type { Case, DataSet } from './dataset.ts';
import { toLabels } from './labels.ts';

/** What reading a case needs to know of its data set; a new image, of no data set, can be read by what a model knows. */
export type CaseContext = Pick<DataSet, 'channels' | 'modality' | 'classes'>;

/** Options of {@link readCase}. */
export interface ReadCaseOptions {
  /**
   * How far the affines of image and label may disagree: the largest distance between where they put a corner, as a
   * fraction of the smallest spacing. 0.1 unless told, which lets the rounding of quaternions pass and no shift of a voxel.
   */
  affineTolerance?: number;
  limits?: ReadLimits;
}

/**
 * Reads the image of a case and, if it has one, its label map, and checks that they fit each other.
 *
 * An image of a data set with C > 1 channels has four axes, the last one of extent C. Voxels that are not finite (NaN is
 * how many programs say "outside") become the smallest finite value of their channel and are counted.
 *
 * @throws DataError, naming the file or both files, when the number of axes or channels is another than the data set's,
 * a channel has no finite voxel, image and label differ in shape or place, or a label is not a whole number, not 0 and in
 * no class
 */
export async function readCase(
  dataset: CaseContext,
  { id, image, label }: Case,
  options: ReadCaseOptions = {},
): Promise<CaseVolume> {
  const { limits } = options;
  const volume = await readNifti(image, { limits });
  const shape = spatialShape(volume, dataset.channels.length, dataset.channels.join(', '), image);
  const { channels, replacedVoxels } = splitChannels(volume.data, elementCount(shape), dataset.channels, image);
  const spacing = spacingOf(volume.affine);
  const { affine, header } = volume;

  let labels: LabelArray | undefined;
  if (label !== undefined) {
    const labelVolume = await readNifti(label, { limits });
    const labelShape = spatialShape(labelVolume, 1, 'labels', label);
    if (labelShape.some((extent, axis) => extent !== shape[axis])) {
      throw new DataError(
        `${label}: ${labelShape.join(' × ')} voxels, expected ${shape.join(' × ')} as in its image ${image}.`,
      );
    }
    const tolerance = (options.affineTolerance ?? 0.1) * Math.min(...spacing);
    const distance = affineDistance(labelVolume.affine, affine, shape);
    if (!(distance <= tolerance)) {
      throw new DataError(
        `${label}: its grid lies up to ${Number(distance.toPrecision(3))} mm from that of its image ${image}, ` +
          `expected at most ${Number(tolerance.toPrecision(3))} mm.`,
      );
    }
    labels = toLabels(labelVolume.data, dataset.classes, label);
  }
  return {
    id,
    modality: dataset.modality,
    channels,
    labels,
    shape,
    spacing,
    affine,
    replacedVoxels,
    source: { path: image, shape, spacing, affine, header },
  };
}

/** The three spatial extents of a volume that should have this many values a voxel. */
function spatialShape({ shape }: Volume, channels: number, names: string, file: string): Triple {
  const [x = 1, y = 1, z = 1, ...rest] = shape;
  const found = elementCount(rest);
  // Beyond the third, only one axis may be longer than 1; [1, C] is how vector images are written.
  if (found !== channels || rest.filter((extent) => extent > 1).length > 1) {
    const expected = channels === 1 ? `three axes (${names})` : `four axes, the last of ${channels} (${names})`;
    throw new DataError(`${file}: the shape ${shape.join(' × ')}, expected ${expected}.`);
  }
  return [x, y, z];
}
