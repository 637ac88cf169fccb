import { DataError } from '@interseg/errors';
import { findSeries, seriesGeometry, type DicomSeries } from '@interseg/dicom';
import { significant } from '../terminal/numbers.ts';
import { textTable } from '../terminal/table.ts';

/** A series of a folder. */
export interface ListedSeries {
  readonly uid: string;
  readonly number?: number;
  readonly modality: string;
  /** What the scanner's user wrote, which may hold names. */
  readonly description?: string;
  readonly files: number;
  /** Columns, rows, slices; missing if the slices make no volume. */
  readonly shape?: readonly number[];
  /** Millimetres. */
  readonly spacing?: readonly number[];
  /** The smallest and the largest gap between slices in millimetres. */
  readonly gaps?: readonly [number, number];
  /** The tilt of the gantry in degrees. */
  readonly tilt?: number;
  /** Why the series cannot be read as a volume. */
  readonly problem?: string;
}

/** What is in a folder of DICOM files. */
export interface SeriesReport {
  readonly folder: string;
  readonly series: readonly ListedSeries[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** Lists the series in a folder, from the headers of its files. */
export async function listSeries(folder: string): Promise<SeriesReport> {
  const { series, leftOut } = await findSeries(folder);
  return { folder, series: series.map(listed), leftOut: leftOut.map(({ name, reason }) => ({ name, reason })) };
}

function listed(series: DicomSeries): ListedSeries {
  const { uid, number, modality, description, instances } = series;
  const common = { uid, number, modality, description, files: instances.length };
  try {
    const { shape, spacing, gaps, tilt } = seriesGeometry(series).geometry;
    return { ...common, shape, spacing, gaps, tilt };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { ...common, problem: error.message };
  }
}

/** The report as a table, with what was left out and what is wrong. */
export function seriesText({ folder, series, leftOut }: SeriesReport): string {
  const rows = series.map((one) => [
    String(one.number ?? '–'),
    one.modality,
    one.description ?? '–',
    String(one.files),
    one.shape?.join('×') ?? '–',
    one.spacing?.map((mm) => significant(mm)).join('×') ?? '–',
    one.gaps ? [...new Set(one.gaps.map((mm) => significant(mm)))].join('…') : '–',
    one.tilt ? `${significant(one.tilt)}°` : '–',
  ]);
  const columns = [
    { heading: 'series', numeric: true },
    { heading: 'modality' },
    { heading: 'description' },
    { heading: 'files', numeric: true },
    { heading: 'voxels', numeric: true },
    { heading: 'spacing mm', numeric: true },
    { heading: 'gaps mm', numeric: true },
    { heading: 'tilt', numeric: true },
  ];
  const problems = series.flatMap(({ problem }) => problem ?? []);
  return [
    `${folder}: ${series.length} series of DICOM images\n\n`,
    series.length > 0 ? textTable(columns, rows) : '',
    problems.length > 0 ? `\nProblems:\n${problems.map((text) => `- ${text}\n`).join('')}` : '',
    leftOut.length > 0 ? `\nLeft out:\n${summarize(leftOut)}` : '',
  ].join('');
}

/** One line for each reason, with one of the files. */
function summarize(leftOut: SeriesReport['leftOut']): string {
  const byReason = new Map<string, string[]>();
  for (const { name, reason } of leftOut) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason]
    .map(([reason, [first, ...others]]) => {
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      return `- ${first}${more}: ${reason}\n`;
    })
    .join('');
}
