import { DataError } from '@interseg/errors';
import type { DataSet } from 'dicom-parser';
import type { DicomInstance } from '../parsing/instance.ts';
import { decimals, firstDecimal, firstItem, tags } from '../parsing/values.ts';

/** One plane of a series: an instance, or a frame of one with several. Millimetres, LPS. */
export interface DicomSlice {
  readonly instance: DicomInstance;
  /** The frame, counted from 0. */
  readonly frame: number;
  /** The centre of the first pixel. */
  readonly position: readonly [number, number, number];
  /** The unit vectors along which the columns' index, then the rows' index increases. */
  readonly orientation: readonly number[];
  /** Between rows, then between columns. */
  readonly spacing: readonly [number, number];
  /** The value is `slope · stored + intercept`. */
  readonly slope: number;
  readonly intercept: number;
}

/** A slice for errors: the file, and the frame if there are several. */
export function sliceName({ instance, frame }: DicomSlice): string {
  return instance.frames > 1 ? `${instance.name}, frame ${frame + 1}` : instance.name;
}

/**
 * The slices of an image: one, or those of its frames.
 *
 * @throws DataError if a slice lacks a position, an orientation or a spacing
 */
export function slicesOf(instance: DicomInstance): DicomSlice[] {
  const { dataSet } = instance;
  const shared = firstItem(dataSet, tags.sharedGroups);
  const groups = dataSet.elements[tags.frameGroups]?.items;
  if (groups !== undefined && groups.length !== instance.frames) {
    throw new DataError(
      `${instance.name}: found positions of ${groups.length} frames, expected ${instance.frames}, one for each frame.`,
    );
  }
  if (groups === undefined && instance.frames > 1) {
    throw new DataError(
      `${instance.name}: found ${instance.frames} frames without positions, expected an image with one frame, ` +
        'or an enhanced one.',
    );
  }
  return (groups ?? [undefined]).map((item, frame) => sliceOf(instance, frame, shared, item?.dataSet));
}

function sliceOf(instance: DicomInstance, frame: number, shared?: DataSet, own?: DataSet): DicomSlice {
  const { dataSet, name } = instance;
  /** The group of the frame, of all frames, or of a file that is not enhanced. */
  const group = (tag: string): DataSet => firstItem(own, tag) ?? firstItem(shared, tag) ?? dataSet;
  const where = instance.frames > 1 ? `${name}, frame ${frame + 1}` : name;
  const require = (tag: string, within: string, count: number, what: string): number[] => {
    const values = decimals(group(within), tag, count);
    if (values) return values;
    throw new DataError(`${where}: found no ${what}, expected ${count} numbers.`);
  };
  const position = require(tags.position, tags.planePosition, 3, 'position (ImagePositionPatient)');
  const orientation = require(tags.orientation, tags.planeOrientation, 6, 'orientation (ImageOrientationPatient)');
  const spacing = require(tags.pixelSpacing, tags.pixelMeasures, 2, 'spacing (PixelSpacing)');
  if (!spacing.every((length) => length > 0 && length < 1e6)) {
    throw new DataError(`${where}: found the spacing ${spacing.join(', ')}, expected millimetres above 0.`);
  }
  const values = group(tags.pixelTransformation);
  return {
    instance,
    frame,
    position: position as [number, number, number],
    orientation: unitVectors(orientation, where),
    spacing: spacing as [number, number],
    slope: firstDecimal(values, tags.slope) ?? 1,
    intercept: firstDecimal(values, tags.intercept) ?? 0,
  };
}

/** Vectors of length 1: files round their numbers. */
function unitVectors(orientation: readonly number[], where: string): number[] {
  const [first, second] = [orientation.slice(0, 3), orientation.slice(3)];
  const lengths = [Math.hypot(...first), Math.hypot(...second)];
  const product = first.reduce((sum, value, index) => sum + value * second[index]!, 0);
  if (!lengths.every((length) => Math.abs(length - 1) < 0.01) || !(Math.abs(product) < 0.01)) {
    throw new DataError(
      `${where}: found the orientation ${orientation.join(', ')}, expected two unit vectors at a right angle.`,
    );
  }
  return [...first.map((value) => value / lengths[0]!), ...second.map((value) => value / lengths[1]!)];
}
