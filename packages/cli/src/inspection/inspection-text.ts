import type { CaseReport, ClassSummary, DataSetReport, Range } from '@interseg/data';
import { decimals, significant } from '../terminal/numbers.ts';
import { textTable, type Column } from '../terminal/table.ts';

/** Formats an inspection as text: the data set, a table of cases, a table of classes, and the problems. */
export function inspectionText(report: DataSetReport): string {
  const problems = listProblems(report);
  return [
    `${report.name}: ${report.modality.toUpperCase()}, channels ${report.channels.join(', ')}, classes ${report.classes.join(', ')}\n\n`,
    textTable(
      caseColumns(report),
      report.cases.map((one) => caseRow(one, report)),
    ),
    '\n',
    textTable(classColumns, report.classSummaries.map(classRow)),
    problems.length === 0 ? '\nNo problems found.\n' : `\nProblems:\n${problems.map((text) => `- ${text}\n`).join('')}`,
  ].join('');
}

/** The problems of all cases, then those of the data set as a whole. */
export function listProblems(report: DataSetReport): string[] {
  return [...report.cases.flatMap((one) => one.problems), ...report.problems];
}

/** The columns of {@link caseRow}. */
export function caseColumns({ channels, classes }: DataSetReport): Column[] {
  return [
    { heading: 'case' },
    { heading: 'patient' },
    { heading: 'voxels', numeric: true },
    { heading: 'spacing mm', numeric: true },
    { heading: 'axes' },
    ...channels.map((name) => ({ heading: `${name} 0.5–99.5 %`, numeric: true })),
    ...classes.flatMap((name) => [
      { heading: `${name} ml`, numeric: true },
      { heading: 'objects', numeric: true },
    ]),
  ];
}

/** One row of cells for a case. */
export function caseRow(one: CaseReport, set: DataSetReport): string[] {
  const { id, patient, shape, spacing, orientation, channels, classes } = one;
  return [
    id,
    patient,
    shape?.join('×') ?? '–',
    spacing?.map((mm) => significant(mm)).join('×') ?? '–',
    orientation ?? '–',
    ...set.channels.map((_, index) => {
      const percentiles = channels?.[index]?.percentiles;
      return percentiles ? `${significant(percentiles['0.5'] ?? NaN)}…${significant(percentiles['99.5'] ?? NaN)}` : '–';
    }),
    ...set.classes.flatMap((_, index) => [
      decimals(classes?.[index] && classes[index].volume / 1000, 2),
      String(classes?.[index]?.objects?.length ?? '–'),
    ]),
  ];
}

/** The columns of {@link classRow}. */
export const classColumns: readonly Column[] = [
  { heading: 'class' },
  { heading: 'cases', numeric: true },
  { heading: 'min ml', numeric: true },
  { heading: 'median ml', numeric: true },
  { heading: 'max ml', numeric: true },
  { heading: 'objects', numeric: true },
  { heading: 'min mm³', numeric: true },
  { heading: 'median mm³', numeric: true },
  { heading: 'max mm³', numeric: true },
];

/** One row of cells for a class, over all cases. */
export function classRow({ name, cases, volume, objects, objectVolume }: ClassSummary): string[] {
  const three = (range: Range | undefined, unit: number): string[] =>
    (['smallest', 'median', 'largest'] as const).map((key) => (range ? significant(range[key] / unit) : '–'));
  return [name, String(cases), ...three(volume, 1000), String(objects ?? '–'), ...three(objectVolume, 1)];
}
