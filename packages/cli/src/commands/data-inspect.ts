import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataset, type CaseReport } from '@interseg/data';
import { holdsDicom } from '@interseg/dicom';
import { exists, writeAtomically } from '@interseg/files';
import { loadPlugins } from '@interseg/training';
import type { Command } from 'commander';
import { listSeries, seriesText } from '../dicom/list-series.ts';
import { exitStatus } from '../errors/exit-status.ts';
import { UsageError } from '../errors/usage-error.ts';
import { inspectData } from '../inspection/inspect-data.ts';
import { inspectionText } from '../inspection/inspection-text.ts';
import { renderInspection } from '../inspection/render-inspection.ts';
import { addRunFlags, readRunFlags } from '../options/run-options.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg data inspect` */
export function dataInspectCommand(context: Context): Command {
  const command = createCommand('inspect', [
    'data inspect Task09_Spleen',
    'data inspect Task09_Spleen --html spleen.html',
    'data inspect Task09_Spleen --json',
    'data inspect dicom-export',
  ]);
  command
    .argument(
      '<folder>',
      'data set: MSD, BraTS 2019, folders images and labels, or a layout of a plugin; or DICOM files, whose series are listed',
    )
    .option('--html <file>', 'also write a page with pictures (.html)')
    .addHelpText(
      'after',
      '\nExit status: 1 if a case cannot be read, 2 if no case can be trained on; the report is printed in any case.',
    );
  addOutputOptions(addRunFlags(command, ['plugins']));
  return command.action(async (folder: string, { html, json }: { html?: string; json?: boolean }) => {
    if (html !== undefined && !/\.html?$/i.test(html)) {
      throw new UsageError(`--html: found '${html}', expected a name that ends in .html.`);
    }
    await loadPlugins(readRunFlags(command, ['plugins']).plugins ?? []);
    if (!(await exists(join(folder, 'dataset.json'))) && (await holdsDicom(folder))) {
      if (html !== undefined) {
        throw new UsageError(`--html: found it with a folder of DICOM files, expected it with a data set.`);
      }
      const report = await listSeries(folder);
      if (!report.series.some(({ shape }) => shape !== undefined)) context.status = exitStatus.badInput;
      printResult(context, json, report, () => seriesText(report));
      return;
    }
    const inspection = await inspectData(await openDataset(folder), context, html !== undefined);
    const { report } = inspection;
    if (!report.cases.some(hasForeground)) context.status = exitStatus.badInput;
    else if (report.cases.some(({ shape }) => shape === undefined)) context.status = exitStatus.failed;
    if (html !== undefined) {
      const text = renderInspection(inspection);
      await writeAtomically(html, (temporary) => writeFile(temporary, text));
    }
    printResult(context, json, report, () => inspectionText(report) + (html === undefined ? '' : `\n${html}\n`));
  });
}

/** Whether a case can be trained on: it could be read and its labels have foreground. */
function hasForeground({ classes = [] }: CaseReport): boolean {
  return classes.some(({ voxels }) => voxels > 0);
}
