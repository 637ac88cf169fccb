import { writeFile } from 'node:fs/promises';
import { writeAtomically } from '@interseg/files';
import { runFolder } from '@interseg/training';
import { collectRunContent } from './content/collect-content.ts';
import { renderRunReport } from './render-run-report.ts';

/**
 * Writes the `report.html` of a run from the files in its folder.
 *
 * @param run the run folder
 * @returns the path of the report
 * @throws DataError when the folder does not contain a run
 */
export async function writeReport(run: string): Promise<string> {
  const { report } = runFolder(run);
  const text = renderRunReport(await collectRunContent(run));
  await writeAtomically(report, (temporary) => writeFile(temporary, text));
  return report;
}
