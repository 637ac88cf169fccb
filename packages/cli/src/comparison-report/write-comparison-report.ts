import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { readJsonObject, writeAtomically } from '@interseg/data';
import {
  comparisonFolder,
  openData,
  plannedRuns,
  type ComparisonFile,
  type ComparisonFolder,
} from '@interseg/training';
import { ifPresent } from '../run-report/content/collect-content.ts';
import { orNote } from '../errors/or-note.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { collectFigure } from './figure/collect-figure.ts';
import { drawFigure } from './figure/draw-figure.ts';
import type { ComparisonContent } from './comparison-content.ts';
import { renderComparison } from './render-comparison-report.ts';

/** What {@link writeComparisonReport} has written. */
export interface ComparisonReport {
  report: string;
  /** Absent when it could not be drawn: the report says why. */
  figure?: string;
}

/**
 * Writes `figure.png` and `report.html` of a comparison from its folder and, for the figure, its data set.
 *
 * @param out the folder of the comparison
 * @throws DataError when there is no `comparison.json`
 */
export async function writeComparisonReport(out: string): Promise<ComparisonReport> {
  const folder = comparisonFolder(out);
  const comparison = (await readJsonObject(folder.comparison, 'a finished comparison')) as unknown as ComparisonFile;
  const notes = comparison.failed.map(
    ({ variant, seed, message }) => `${variant}, seed ${seed}, failed and is in no mean: ${message}`,
  );
  const canvas = await orNote(notes, 'There is no figure', () => draw(comparison, folder));
  const png = canvas?.png();
  if (png) await writeAtomically(folder.figure, (temporary) => writeFile(temporary, png));
  const content: ComparisonContent = {
    name: basename(resolve(out)),
    comparison,
    environment: await environmentOf(comparison, folder),
    notes,
    ...(canvas && png && { figure: { uri: `data:image/png;base64,${png.toString('base64')}`, width: canvas.width } }),
  };
  const text = renderComparison(content);
  await writeAtomically(folder.report, (temporary) => writeFile(temporary, text));
  return { report: folder.report, ...(png && { figure: folder.figure }) };
}

async function draw(comparison: ComparisonFile, folder: ComparisonFolder): Promise<Canvas | undefined> {
  const figure = await collectFigure(comparison, folder, await openData(comparison.settings));
  return figure && drawFigure(figure);
}

async function environmentOf({ settings }: ComparisonFile, folder: ComparisonFolder): Promise<Record<string, unknown>> {
  const [first] = plannedRuns(settings);
  const path = first && folder.run(first).environment;
  return (path && (await ifPresent(path, 'environment.json'))) || {};
}
