import { writeFile } from 'node:fs/promises';
import { writeAtomically } from '@interseg/data';
import { runFolder } from '@interseg/training';
import { collectContent } from './content/collect-content.ts';
import { renderReport } from './render-run-report.ts';

/**
 * Writes the `report.html` of a run from the files of its folder.
 *
 * @param run the run folder
 * @returns the path of the report
 * @throws DataError when the folder holds no run
 */
export async function writeReport(run: string): Promise<string> {
  const { report } = runFolder(run);
  const text = renderReport(await collectContent(run));
  await writeAtomically(report, (temporary) => writeFile(temporary, text));
  return report;
}
