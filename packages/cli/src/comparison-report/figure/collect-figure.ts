import { join } from 'node:path';
import { readCase, readNifti, type CaseVolume, type DataSet } from '@interseg/data';
import { entryVariant } from '../entry-variant.ts';
import type { ComparedRun, ComparisonFile, ComparisonFolder } from '@interseg/training';
import { displayWindow } from '../../run-report/content/collect-pictures.ts';
import { meanDice } from '../../run-report/content/mean-dice.ts';
import { displayView, type DisplayView } from '../../slice-pictures/display-view.ts';
import { membership } from '../../slice-pictures/membership.ts';
import { percentileWindow } from '../../slice-pictures/gray-image.ts';
import { decimals, significant } from '../../terminal/numbers.ts';
import { chooseRows, type Candidate } from './choose-rows.ts';
import type { Figure, FigureRow } from './draw-figure.ts';
import { regionAround } from './draw-panel.ts';
import { findSmallestObject } from './find-object.ts';
import { outcomesOf } from './outcome.ts';

/** More rows would not be legible on one page. */
const mostRows = 6;

/**
 * Reads what the figure shows: of each variant its first run. The slice is the one in which the smallest object of the
 * ground truth is largest, which favours no variant. `undefined` when no test case has an object.
 *
 * @throws DataError when a test case or its prediction cannot be read
 */
export async function collectFigure(
  comparison: ComparisonFile,
  folder: ComparisonFolder,
  dataset: DataSet,
): Promise<Figure | undefined> {
  const { settings } = comparison;
  const runs = comparison.variants.map(({ variant }) => comparison.runs.find((run) => run.variant === variant)!);
  const [baseline] = runs;
  const candidates: Candidate[] = [];
  for (const { id } of baseline?.metrics.cases ?? []) {
    const volume = await readTestCase(dataset, id);
    const object = findSmallestObject(volume, dataset.classes, viewOf(volume, settings.plane));
    candidates.push({ id, smallest: object?.volume, dice: diceOf(baseline, id) ?? 0 });
  }
  const chosen = chooseRows(candidates, mostRows);
  if (chosen.length === 0) return undefined;
  const rows: FigureRow[] = [];
  for (const { id } of chosen) rows.push(await collectRow(id, runs, comparison, folder, dataset));
  return {
    titles: ['ground truth', ...runs.map(({ variant }) => entryVariant(variant).title)],
    rows,
    hasSeveralClasses: dataset.classes.length > 1,
  };
}

async function collectRow(
  id: string,
  runs: readonly ComparedRun[],
  { settings }: ComparisonFile,
  folder: ComparisonFolder,
  dataset: DataSet,
): Promise<FigureRow> {
  const volume = await readTestCase(dataset, id);
  const view = viewOf(volume, settings.plane);
  const object = findSmallestObject(volume, dataset.classes, view)!;
  const { rows, columns, slices } = view;
  const memberships = (data: Parameters<DisplayView['slice']>[0]): number[] =>
    Array.from(view.slice(data, object.slice), (label) => membership(label, dataset.classes));
  const truth = memberships(volume.labels!);
  const panels = [{ outcomes: outcomesOf(truth, truth), note: '' }];
  for (const run of runs) {
    const prediction = await readNifti(join(folder.run(run).predictions, `${id}.nii.gz`));
    panels.push({
      outcomes: outcomesOf(truth, memberships(prediction.data)),
      note: `Dice ${decimals(diceOf(run, id), 3)}`,
    });
  }
  const image = {
    values: view.slice(volume.channels[0]!, object.slice),
    rows,
    columns,
    spacing: [view.spacing[1], view.spacing[2]] as const,
    window: displayWindow(dataset, settings) ?? percentileWindow(volume.channels[0]!),
  };
  const size = object.volume < 1000 ? `${significant(object.volume)} mm³` : `${significant(object.volume / 1000)} ml`;
  const caption = `${id} · ${settings.plane} slice ${object.slice + 1} of ${slices} · magnified: smallest object, ${size}`;
  return { caption, image, region: regionAround(object, image), panels };
}

async function readTestCase(dataset: DataSet, id: string): Promise<CaseVolume> {
  return readCase(
    dataset,
    dataset.cases.find((one) => one.id === id)!,
  );
}

function viewOf({ shape, spacing, affine }: CaseVolume, plane: Parameters<typeof displayView>[3]): DisplayView {
  return displayView(shape, spacing, affine, plane);
}

function diceOf(run: ComparedRun | undefined, id: string): number | undefined {
  return meanDice(run?.metrics.cases.find((one) => one.id === id)?.classes);
}
