import type { FoldsSummary } from '@interseg/training';
import { printResult, type Context } from '../terminal/context.ts';
import { metricCells, metricTextColumns } from '../terminal/metrics-table.ts';
import { textTable } from '../terminal/table.ts';

/** The outcome of a training with folds. */
export interface FinishedFolds {
  out: string;
  engine: string;
  /** Absent when it was interrupted. */
  summary?: FoldsSummary;
  /** The pages of the folds. */
  reports: readonly string[];
}

/** Prints how each fold did on its validation cases, and all of them on the test cases. */
export function printFolds(context: Context, json: boolean | undefined, finished: FinishedFolds): void {
  const { out, engine, summary, reports } = finished;
  const document = {
    folds: out,
    engine,
    stopped: summary ? 'finished' : 'interrupted',
    summary: summary ?? null,
    reports,
  };
  printResult(context, json, document, () => (summary ? foldsText(out, summary) : ''));
}

function foldsText(out: string, { folds, meanOverFolds, outOfFold, test }: FoldsSummary): string {
  const count = (number: number): string => String(number);
  const cases = folds.reduce((sum, fold) => sum + fold.cases.length, 0);
  const rows = [
    ...folds.map(({ fold, cases: ids, mean }) => [`fold ${fold}`, count(ids.length), ...metricCells(mean)]),
    ['mean over folds', '', ...metricCells(meanOverFolds)],
    ['out of fold', count(cases), ...metricCells(outOfFold)],
    ...(test ? [['test, all folds', '', ...metricCells(test)]] : []),
  ];
  const columns = [{ heading: 'part' }, { heading: 'cases', numeric: true }, ...metricTextColumns];
  return `folds:   ${out}\n\n${textTable(columns, rows)}\nOut of fold: each case segmented by the fold that was not trained on it.\n`;
}
