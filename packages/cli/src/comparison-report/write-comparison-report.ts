import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  comparisonFolder,
  describeRun,
  plannedRuns,
  type ComparisonFile,
  type ComparisonFolder,
} from '@interseg/experiments';
import { readJsonObject, writeAtomically } from '@interseg/files';
import { openData } from '@interseg/training';
import type { Canvas } from '../drawing/canvas.ts';
import { orNote, readJsonIfPresent } from '../errors/optional-input.ts';
import type { ComparisonContent } from './comparison-content.ts';
import { counted } from '../terminal/numbers.ts';
import { collectFigure } from './figure/collect-figure.ts';
import { drawFigure } from './figure/draw-figure.ts';
import { renderComparisonReport } from './render-comparison-report.ts';

/** More missing runs than these are only counted. */
const mostNamed = 10;

/** The files that {@link writeComparisonReport} has written. */
export interface ComparisonReport {
  report: string;
  /** Absent when it could not be drawn; the report says why. */
  figure?: string;
}

/**
 * Writes `figure.png` and `report.html` of a comparison from the files in its folder and, for the figure, from its data set.
 *
 * @param out folder of the comparison
 * @param known what its `comparison.json` holds. Defaults to reading it
 * @throws DataError when it contains no `comparison.json`
 */
export async function writeComparisonReport(out: string, known?: ComparisonFile): Promise<ComparisonReport> {
  const folder = comparisonFolder(out);
  const comparison =
    known ?? ((await readJsonObject(folder.comparison, 'a finished comparison')) as unknown as ComparisonFile);
  const notes = comparison.failed.map(
    (run) => `${describeRun(run)}, failed and is left out of all means: ${run.message}`,
  );
  const { missing = [] } = comparison;
  if (missing.length > 0) {
    const some = missing.slice(0, mostNamed).map((run) => `${describeRun(run)} (${run.reason})`);
    const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : '';
    notes.push(`${counted(missing.length, 'run')} had not ended when this was written: ${some.join('; ')}${more}`);
  }
  const canvas = await orNote(notes, 'The figure is missing', () => draw(comparison, folder));
  const png = canvas?.png();
  if (png) await writeAtomically(folder.figure, (temporary) => writeFile(temporary, png));
  const content: ComparisonContent = {
    name: basename(resolve(out)),
    comparison,
    environment: await readEnvironment(comparison, folder),
    notes,
    ...(canvas && png && { figure: { uri: `data:image/png;base64,${png.toString('base64')}`, width: canvas.width } }),
  };
  const text = renderComparisonReport(content);
  await writeAtomically(folder.report, (temporary) => writeFile(temporary, text));
  return { report: folder.report, ...(png && { figure: folder.figure }) };
}

async function draw(comparison: ComparisonFile, folder: ComparisonFolder): Promise<Canvas | undefined> {
  const figure = await collectFigure(comparison, folder, await openData(comparison.settings));
  return figure && drawFigure(figure);
}

async function readEnvironment(
  { settings }: ComparisonFile,
  folder: ComparisonFolder,
): Promise<Record<string, unknown>> {
  const [first] = plannedRuns(settings);
  const path = first && folder.run(first).environment;
  return (path && (await readJsonIfPresent(path, 'environment.json'))) || {};
}
