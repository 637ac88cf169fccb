import { exists, readJsonObject, writeJson } from '@interseg/files';
import { loadEnsemble, predictWithEnsemble } from '@interseg/inference';
import { classMetrics, meanMetrics, type ClassMetrics, type MetricsFile } from '../evaluation/metrics-file.ts';
import { segmentCases, type CaseEvaluation, type SegmentCasesOptions } from '../evaluation/segment-cases.ts';
import { summarize } from '../evaluation/summarize.ts';
import { openData } from '../run/open-data.ts';
import type { RunHooks } from '../run/run-hooks.ts';
import type { FoldsFile } from './folds-file.ts';
import type { FoldsFolder } from './folds-folder.ts';

/** How one fold did on its validation cases, on their own grids. */
export interface FoldSummary {
  /** From 1. */
  fold: number;
  cases: string[];
  /** Means over its validation cases and all classes. */
  mean: ClassMetrics;
}

/** `summary.json`. */
export interface FoldsSummary {
  variant: string;
  engine: string;
  folds: FoldSummary[];
  /** Means over the folds. */
  meanOverFolds: ClassMetrics;
  /** Means over all cases outside the test part, each segmented by the fold that was not trained on it. */
  outOfFold: MetricsFile['mean'];
  /** Means over the test cases, segmented by all folds together; absent where there is no test part. */
  test?: MetricsFile['mean'];
}

/**
 * Evaluates the models of all folds: each on its validation cases, and all together on the test cases. Only one case and the
 * models are in memory at a time.
 *
 * @param isNew whether a fold has changed since the last summary, if there is one
 */
export async function evaluateFolds(
  folder: FoldsFolder,
  { configuration, splits }: Pick<FoldsFile, 'configuration' | 'splits'>,
  { engine, compilePass, onStage }: RunHooks,
  { isNew }: { isNew: boolean },
): Promise<FoldsSummary> {
  if (!isNew && (await exists(folder.summary))) {
    return (await readJsonObject(folder.summary, 'the summary of folds')) as unknown as FoldsSummary;
  }
  const dataset = await openData(configuration);
  const onCase = (id: string): void => onStage?.(`evaluating ${id}`);
  const segment = async (models: string, ids: readonly string[], predictions: string) => {
    const { members, description, dispose } = await loadEnsemble([models], { compilePass });
    try {
      const predict: SegmentCasesOptions['predict'] = (volume) => predictWithEnsemble(members, volume, description);
      const { classes } = description;
      return await segmentCases(dataset, ids, { predict, classes, predictions, onCase });
    } finally {
      dispose();
    }
  };
  const folds: FoldSummary[] = [];
  const all: CaseEvaluation[] = [];
  for (const [index, { validation }] of splits.entries()) {
    const { model } = folder.fold(index + 1);
    const results = await segment(model, validation, folder.outOfFoldPredictions);
    const metrics = results.flatMap(({ classes }) => classes.map((one) => classMetrics(one.metrics)));
    folds.push({ fold: index + 1, cases: validation, mean: meanMetrics(metrics) });
    all.push(...results);
  }
  const about = { variant: configuration.variant, engine };
  const outOfFold = summarize(all, about);
  await writeJson(folder.outOfFold, outOfFold);
  const { test } = splits[0]!;
  let metrics: MetricsFile | undefined;
  if (test.length > 0) {
    metrics = summarize(await segment(folder.root, test, folder.predictions), about);
    await writeJson(folder.metrics, metrics);
  }
  const summary: FoldsSummary = {
    ...about,
    folds,
    meanOverFolds: meanMetrics(folds.map(({ mean }) => mean)),
    outOfFold: outOfFold.mean,
    ...(metrics && { test: metrics.mean }),
  };
  await writeJson(folder.summary, summary);
  return summary;
}
