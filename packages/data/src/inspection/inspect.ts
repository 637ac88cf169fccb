import { DataError } from '@interseg/errors';
import { determinant, orientationName, orientationFromAffine } from '@interseg/nifti';
import type { CaseVolume } from '../cases/case-volume.ts';
import type { Case, ClassDefinition, DataSet, Modality } from '../dataset.ts';
import { readCase } from '../cases/read-case.ts';
import { meanAndDeviation, percentileOfSorted } from '../statistics.ts';
import type { CaseReport, ChannelReport, ClassReport } from './case-report.ts';
import { summarizeClasses, type ClassSummary } from './class-summary.ts';

/** Options of {@link inspect}. */
export interface InspectOptions {
  /** Called after each case. */
  readonly onProgress?: (progress: { done: number; total: number; id: string }) => void;
  /** Called with each case that could be read, so that its voxels need not be read again. */
  readonly onVolume?: (volume: CaseVolume) => void;
  /**
   * Finds the connected objects of a class, as the `connectedComponents` of `@interseg/metrics` does.
   *
   * @param mask 0 and 1, first axis fastest
   * @returns the number of voxels of each object
   */
  readonly objectSizes?: (mask: Uint8Array, shape: readonly number[]) => ArrayLike<number>;
}

/** What is in a data set. */
export interface DataSetReport {
  readonly name: string;
  readonly folder: string;
  readonly modality: Modality;
  readonly channels: readonly string[];
  readonly classes: readonly string[];
  /** The classes over all cases, in the order of `classes`. */
  readonly classSummaries: readonly ClassSummary[];
  /** The labelled cases, then the others. */
  readonly cases: readonly CaseReport[];
  /** Problems of the data set as a whole; those of a case are in its report. */
  readonly problems: readonly string[];
}

const percentiles = [0.5, 5, 50, 95, 99.5];

/**
 * Reads every case of a data set and reports what is in it and what is wrong. An unusable case does not stop the
 * inspection: its error becomes a problem of the case.
 *
 * Holds one case in memory at a time.
 */
export async function inspect(dataset: DataSet, options: InspectOptions = {}): Promise<DataSetReport> {
  const all = [...dataset.cases, ...dataset.unlabelled];
  const cases: CaseReport[] = [];
  for (const item of all) {
    cases.push(await inspectCase(dataset, item, options));
    options.onProgress?.({ done: cases.length, total: all.length, id: item.id });
  }
  const classes = dataset.classes.map(({ name }) => name);
  return {
    name: dataset.name,
    folder: dataset.folder,
    modality: dataset.modality,
    channels: dataset.channels,
    classes,
    classSummaries: summarizeClasses(classes, cases),
    cases,
    problems: [...dataset.problems, ...problemsOfSet(dataset, cases)],
  };
}

async function inspectCase(dataset: DataSet, item: Case, options: InspectOptions): Promise<CaseReport> {
  let volume: CaseVolume;
  try {
    volume = await readCase(dataset, item);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { ...item, problems: [error.message] };
  }
  options.onVolume?.(volume);
  const channels = volume.channels.map((values, index) => channelReport(dataset.channels[index]!, values));
  const classes = volume.labels && classReports(volume, dataset.classes, options.objectSizes);
  return {
    ...item,
    shape: volume.shape,
    spacing: volume.spacing,
    orientation: orientationName(orientationFromAffine(volume.affine)),
    channels,
    classes,
    problems: problemsOfCase(volume, channels, classes, item),
  };
}

function channelReport(name: string, values: Float32Array): ChannelReport {
  const { mean, deviation } = meanAndDeviation(values);
  const sorted = values.slice().sort();
  return {
    name,
    minimum: sorted[0]!,
    maximum: sorted.at(-1)!,
    mean,
    standardDeviation: deviation,
    percentiles: Object.fromEntries(percentiles.map((percent) => [percent, percentileOfSorted(sorted, percent)])),
  };
}

function classReports(
  { labels, affine, shape }: CaseVolume,
  classes: readonly ClassDefinition[],
  objectSizes: InspectOptions['objectSizes'],
): ClassReport[] {
  const counts = new Map<number, number>();
  for (const value of labels!) if (value !== 0) counts.set(value, (counts.get(value) ?? 0) + 1);
  const voxelVolume = Math.abs(determinant(affine));
  return classes.map(({ name, values }) => {
    const voxels = values.reduce((sum, value) => sum + (counts.get(value) ?? 0), 0);
    const report = { name, voxels, volume: voxels * voxelVolume };
    if (!objectSizes) return report;
    const members = new Set(values);
    const sizes = objectSizes(
      Uint8Array.from(labels!, (value) => (members.has(value) ? 1 : 0)),
      shape,
    );
    return { ...report, objects: Array.from(sizes, (size) => size * voxelVolume).sort((a, b) => a - b) };
  });
}

function problemsOfCase(
  volume: CaseVolume,
  channels: readonly ChannelReport[],
  classes: readonly ClassReport[] | undefined,
  { images, label }: Case,
): string[] {
  const problems: string[] = [];
  const [first] = images;
  if (volume.replacedVoxels > 0) {
    problems.push(`${first}: found ${count(volume.replacedVoxels, 'voxel')} without a finite value.`);
  }
  channels.forEach(({ name, minimum, maximum }, index) => {
    if (minimum !== maximum) return;
    problems.push(`${images[index] ?? first}: every voxel of the channel ${name} is ${minimum}.`);
  });
  if (classes?.every(({ voxels }) => voxels === 0)) problems.push(`${label}: found only background.`);
  return problems;
}

function problemsOfSet({ folder, classes }: DataSet, cases: readonly CaseReport[]): string[] {
  const labelled = cases.filter((report) => report.classes !== undefined);
  const problems = classes.flatMap(({ name }, index) => {
    const present = labelled.some((report) => report.classes![index]!.voxels > 0);
    return present ? [] : [`${folder}: no case contains the class ${name}.`];
  });
  const patients = new Set(cases.filter(({ label }) => label !== undefined).map(({ patient }) => patient));
  if (patients.size < 3) {
    problems.push(
      `${folder}: found ${count(patients.size, 'labelled patient')}, expected at least 3, for training, validation and test.`,
    );
  }
  return problems;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
