import { join } from 'node:path';
import { readCase, type CaseVolume, type DataSet } from '@interseg/data';
import type { ComparedRun, ComparisonFile, ComparisonFolder } from '@interseg/experiments';
import { readNifti } from '@interseg/nifti';
import { meanMetrics } from '@interseg/training';
import { membership } from '../../slice-pictures/case-pictures.ts';
import { displayView, type DisplayView } from '../../slice-pictures/display-view.ts';
import { percentileWindow, displayWindow } from '../../slice-pictures/gray-image.ts';
import { decimals, volume } from '../../terminal/numbers.ts';
import { entryVariant } from '../entry-variant.ts';
import { runsByVariant } from '../runs-by-variant.ts';
import { chooseRows, type Candidate } from './choose-rows.ts';
import type { Figure, FigureRow } from './draw-figure.ts';
import { regionAround } from './draw-panel.ts';
import { findSmallestObject } from './find-object.ts';
import { classifyPixels } from './outcome.ts';

/** With more rows, the figure would not be legible on one page. */
const mostRows = 6;

/**
 * Reads what the figure shows, for the first run of each variant. Slices are chosen by the ground truth alone, which favours
 * no variant: the one in which the case's smallest object is largest.
 *
 * @returns `undefined` when no test case has an object
 * @throws DataError when a test case or its prediction cannot be read
 */
export async function collectFigure(
  comparison: ComparisonFile,
  folder: ComparisonFolder,
  dataset: DataSet,
): Promise<Figure | undefined> {
  const { settings } = comparison;
  const baseline = comparison.runs.find(({ variant }) => variant === comparison.variants[0]?.variant);
  const byVariant = runsByVariant(comparison);
  const runs = comparison.variants.map(({ variant }) => {
    const itsRuns = byVariant.get(variant) ?? [];
    // Another fold has other test cases.
    return itsRuns.find(({ seed, fold }) => seed === baseline?.seed && fold === baseline.fold) ?? itsRuns[0]!;
  });
  const candidates: Candidate[] = [];
  for (const { id } of baseline?.metrics.cases ?? []) {
    const testCase = await readTestCase(dataset, id);
    const object = findSmallestObject(testCase, dataset.classes, viewCase(testCase, settings.plane));
    candidates.push({ id, smallest: object?.volume, dice: caseDice(baseline, id) ?? 0 });
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
  const testCase = await readTestCase(dataset, id);
  const view = viewCase(testCase, settings.plane);
  const object = findSmallestObject(testCase, dataset.classes, view)!;
  const { rows, columns, slices } = view;
  const memberships = (data: Parameters<DisplayView['slice']>[0]): number[] =>
    Array.from(view.slice(data, object.slice), (label) => membership(label, dataset.classes));
  const truth = memberships(testCase.labels!);
  const panels = [{ outcomes: classifyPixels(truth, truth), note: '' }];
  for (const run of runs) {
    const prediction = await readNifti(join(folder.run(run).predictions, `${id}.nii.gz`));
    panels.push({
      outcomes: classifyPixels(truth, memberships(prediction.data)),
      note: `Dice ${decimals(caseDice(run, id), 3)}`,
    });
  }
  const image = {
    values: view.slice(testCase.channels[0]!, object.slice),
    rows,
    columns,
    spacing: [view.spacing[1], view.spacing[2]] as const,
    window: displayWindow(dataset, settings) ?? percentileWindow(testCase.channels[0]!),
  };
  const caption = `${id} · ${settings.plane} slice ${object.slice + 1} of ${slices} · magnified: smallest object, ${volume(object.volume)}`;
  return { caption, image, region: regionAround(object, image), panels };
}

async function readTestCase(dataset: DataSet, id: string): Promise<CaseVolume> {
  return readCase(
    dataset,
    dataset.cases.find((one) => one.id === id)!,
  );
}

function viewCase({ shape, spacing, affine }: CaseVolume, plane: Parameters<typeof displayView>[3]): DisplayView {
  return displayView(shape, spacing, affine, plane);
}

function caseDice(run: ComparedRun | undefined, id: string): number | undefined {
  const classes = run?.metrics.cases.find((one) => one.id === id)?.classes ?? {};
  return meanMetrics(Object.values(classes)).dice ?? undefined;
}
