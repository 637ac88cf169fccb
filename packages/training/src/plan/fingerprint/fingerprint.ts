import { readCase, type DataSet, type Modality, type Plane } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { IntensityCollector, type ForegroundIntensities } from './intensities.ts';
import { measureCase, type MeasuredCase } from './measure-case.ts';
import { spreadOf, type Spread } from './spread.ts';

/** The connected objects of one class over all cases. What is missing could not be measured: the class is in no case. */
export interface ClassFingerprint {
  readonly name: string;
  /** The number of cases that contain it. */
  readonly cases: number;
  readonly objects: number;
  /** Share of all voxels, from 0 to 1. */
  readonly voxelShare: number;
  /** mm³. */
  readonly volume?: Spread;
  /** Diameter of the circle with the area of the largest cross-section, in pixels of the file. */
  readonly diameter?: Spread;
  /** The same in millimetres. */
  readonly diameterInMillimetres?: Spread;
  /** The longer side of the rectangle around an object within the slices, in pixels of the file. */
  readonly extent?: Spread;
  /** Number of slices that an object is in. */
  readonly span?: Spread;
}

/** What a data set is like: the numbers that a plan is made from. Nothing in it shows a single image. */
export interface Fingerprint {
  readonly modality: Modality;
  readonly channels: readonly string[];
  readonly patients: number;
  readonly cases: number;
  /** Over all cases. */
  readonly slices: { readonly total: number; readonly foreground: number };
  /** Millimetres, over the cases: between pixels of a slice (the mean of both axes), and between slices. */
  readonly spacing: { readonly pixels: Spread; readonly slices: Spread };
  /** Over the cases: slices of a case, rows and columns of a slice. */
  readonly size: { readonly slices: Spread; readonly rows: Spread; readonly columns: Spread };
  /** Inside the foreground, by channel. */
  readonly intensities: readonly ForegroundIntensities[];
  readonly classes: readonly ClassFingerprint[];
  /** Whether a voxel may belong to several classes. */
  readonly overlapping: boolean;
}

/** Options of {@link readFingerprint}. */
export interface FingerprintOptions {
  /** The plane of the slices. Defaults to `'axial'`. */
  readonly plane?: Plane;
  /** Called before each case is read. */
  readonly onCase?: (id: string) => void;
}

/**
 * Reads labelled cases one after the other and measures what a plan needs to know. Only one of them is in memory at a time.
 *
 * @param ids the cases to read: those for training and validation, so that nothing is learned from test cases
 * @throws DataError when a case cannot be read, or no case has foreground
 */
export async function readFingerprint(
  dataset: DataSet,
  ids: readonly string[],
  { plane = 'axial', onCase }: FingerprintOptions = {},
): Promise<Fingerprint> {
  const collectors = dataset.channels.map((channel) => new IntensityCollector(channel));
  const measured: Omit<MeasuredCase, 'foreground'>[] = [];
  const wanted = new Set(ids);
  const cases = dataset.cases.filter(({ id }) => wanted.has(id));
  for (const item of cases) {
    onCase?.(item.id);
    const volume = await readCase(dataset, item);
    const { foreground, ...numbers } = measureCase(volume, dataset.classes, plane);
    collectors.forEach((collector, channel) => collector.add(volume.channels[channel]!, foreground));
    measured.push(numbers);
  }
  const intensities = collectors.flatMap((collector) => collector.result() ?? []);
  if (intensities.length === 0) {
    throw new DataError(
      `${dataset.folder}: found no foreground in ${cases.length} cases, expected some to plan a training from.`,
    );
  }
  const spread = (value: (one: Omit<MeasuredCase, 'foreground'>) => number): Spread => spreadOf(measured.map(value))!;
  const sum = (value: (one: Omit<MeasuredCase, 'foreground'>) => number): number =>
    measured.reduce((total, one) => total + value(one), 0);
  const voxels = sum(({ shape }) => shape[0] * shape[1] * shape[2]);
  return {
    modality: dataset.modality,
    channels: dataset.channels,
    patients: new Set(cases.map(({ patient }) => patient)).size,
    cases: cases.length,
    slices: { total: sum(({ shape }) => shape[0]), foreground: sum(({ foregroundSlices }) => foregroundSlices) },
    spacing: { pixels: spread(pixelSpacing), slices: spread(({ spacing }) => spacing[0]) },
    size: {
      slices: spread(({ shape }) => shape[0]),
      rows: spread(({ shape }) => shape[1]),
      columns: spread(({ shape }) => shape[2]),
    },
    intensities,
    classes: dataset.classes.map(({ name }, index) => classFingerprint(name, index, measured, voxels)),
    overlapping: overlap(dataset),
  };
}

function pixelSpacing({ spacing }: Pick<MeasuredCase, 'spacing'>): number {
  return (spacing[1] + spacing[2]) / 2;
}

function classFingerprint(
  name: string,
  index: number,
  cases: readonly Omit<MeasuredCase, 'foreground'>[],
  allVoxels: number,
): ClassFingerprint {
  const present = cases.filter(({ classes }) => classes[index]!.voxels > 0);
  const objects = present.flatMap(({ spacing, classes }) =>
    classes[index]!.objects.map((object) => ({
      ...object,
      volume: object.voxels * spacing[0] * spacing[1] * spacing[2],
      diameterInMillimetres: object.diameter * pixelSpacing({ spacing }),
    })),
  );
  return {
    name,
    cases: present.length,
    objects: objects.length,
    voxelShare: present.reduce((sum, { classes }) => sum + classes[index]!.voxels, 0) / allVoxels,
    volume: spreadOf(objects.map(({ volume }) => volume)),
    diameter: spreadOf(objects.map(({ diameter }) => diameter)),
    diameterInMillimetres: spreadOf(objects.map(({ diameterInMillimetres }) => diameterInMillimetres)),
    extent: spreadOf(objects.map(({ extent }) => extent)),
    span: spreadOf(objects.map(({ slices }) => slices)),
  };
}

function overlap({ classes }: Pick<DataSet, 'classes'>): boolean {
  const values = classes.flatMap((definition) => [...new Set(definition.values)]);
  return new Set(values).size < values.length;
}
