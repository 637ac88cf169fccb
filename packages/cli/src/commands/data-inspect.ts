import { inspect, openDataset, type CaseReport, type DataSetReport } from '@interseg/data';
import type { Command } from 'commander';
import { exitStatus } from '../errors/exit-status.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { decimals, significant } from '../terminal/numbers.ts';
import { textTable, type Column } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg data inspect` */
export function dataInspectCommand(context: Context): Command {
  const command = createCommand(
    'inspect',
    'Read every case of a data set and show what is there and what is wrong. Ends with 1 when a case cannot be used.',
    ['data inspect Task09_Spleen', 'data inspect Task09_Spleen --json'],
  );
  addOutputOptions(command.argument('<folder>', 'data set: MSD, BraTS 2019, or images and labels'));
  return command.action(async (folder: string, { json }: { json?: boolean }) => {
    const dataset = await openDataset(folder);
    const report = await inspect(dataset, {
      onProgress: ({ done, total, id }) => {
        if (context.stderr.isTTY) context.stderr.write(`\r\u001b[2Kreading ${done}/${total}: ${id}`);
      },
    });
    if (context.stderr.isTTY) context.stderr.write('\r\u001b[2K');
    if (report.cases.some(({ shape }) => shape === undefined)) context.status = exitStatus.failed;
    printResult(context, json, report, () => inspectionText(report));
  });
}

/** The inspection as text: the data set, a table of its cases, and the problems. */
export function inspectionText(report: DataSetReport): string {
  const columns: Column[] = [
    { heading: 'case' },
    { heading: 'patient' },
    { heading: 'voxels', numeric: true },
    { heading: 'spacing mm', numeric: true },
    { heading: 'axes' },
    ...report.channels.map((name) => ({ heading: `${name} 0.5–99.5 %`, numeric: true })),
    ...report.classes.map((name) => ({ heading: `${name} ml`, numeric: true })),
  ];
  const problems = [...report.cases.flatMap((one) => one.problems), ...report.problems];
  return [
    `${report.name}: ${report.modality.toUpperCase()}, channels ${report.channels.join(', ')}, classes ${report.classes.join(', ')}\n\n`,
    textTable(
      columns,
      report.cases.map((one) => caseRow(one, report)),
    ),
    problems.length === 0 ? '\nNo problem found.\n' : `\nProblems:\n${problems.map((text) => `- ${text}\n`).join('')}`,
  ].join('');
}

function caseRow({ id, patient, shape, spacing, orientation, channels, classes }: CaseReport, set: DataSetReport) {
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
    ...set.classes.map((_, index) => decimals(classes?.[index] && classes[index].volume / 1000, 2)),
  ];
}
