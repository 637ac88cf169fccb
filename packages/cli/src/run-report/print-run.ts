import { describePostProcessing, type RunResult } from '@interseg/training';
import { printResult, type Context } from '../terminal/context.ts';
import { metricCells, metricTextColumns, objectCells, objectTextColumns } from '../terminal/metrics-table.ts';
import { decimals } from '../terminal/numbers.ts';
import { textTable } from '../terminal/table.ts';

/** The outcome of `train` and `resume`. */
export interface FinishedRun {
  run: string;
  engine: string;
  result: RunResult;
  report?: string;
}

/** Prints the outcome of a run: where its files are and how well it segments. */
export function printRun(context: Context, json: boolean | undefined, finished: FinishedRun): void {
  const { run, engine, result, report } = finished;
  const best = result.history.find(({ epoch }) => epoch === result.bestEpoch);
  const document = {
    run,
    engine,
    stopped: result.stopped,
    epochs: result.history.at(-1)?.epoch ?? 0,
    bestEpoch: result.bestEpoch ?? null,
    bestValidationDice: best?.valDice ?? null,
    ...(best?.smoothedScore !== undefined && { bestSmoothedScore: best.smoothedScore }),
    metrics: result.metrics ?? null,
    postProcessing: result.postProcessing ?? null,
    report: report ?? null,
  };
  printResult(context, json, document, () => (result.stopped === 'interrupted' ? '' : runText(finished)));
}

function runText({ run, result, report }: FinishedRun): string {
  const { history, bestEpoch, metrics } = result;
  const best = history.find(({ epoch }) => epoch === bestEpoch);
  const lines = [`run:     ${run}`];
  if (report) lines.push(`report:  ${report}`);
  if (best) {
    const dice = best.valDice === undefined ? '' : `, validation Dice ${decimals(best.valDice, 3)}`;
    const smoothed = best.smoothedScore === undefined ? '' : `, smoothed ${decimals(best.smoothedScore, 3)}`;
    lines.push(`best:    epoch ${best.epoch} of ${history.at(-1)?.epoch ?? best.epoch}${dice}${smoothed}`);
  }
  if (result.postProcessing) lines.push(describePostProcessing(result.postProcessing));
  if (!metrics) return `${lines.join('\n')}\n`;
  const { mean, objects } = metrics;
  const rows = Object.entries(mean.classes).map(([name, values]) => [
    ...[name, ...metricCells(values)],
    ...objectCells(objects?.classes[name]),
  ]);
  if (rows.length > 1) rows.push(['all classes', ...metricCells(mean), ...objectCells(objects)]);
  const table = textTable([{ heading: 'class' }, ...metricTextColumns, ...objectTextColumns], rows);
  const count = metrics.cases.length;
  const what = `${count} test ${count === 1 ? 'case' : 'cases'}, means and numbers of objects`;
  return `${lines.join('\n')}\n\n${what}:\n${table}`;
}
