import type { ComparisonFile, VariantSummary } from '@interseg/experiments';
import { printResult, type Context } from '../terminal/context.ts';
import { duration, pValue, signed, spread } from '../terminal/numbers.ts';
import { textTable, type Column } from '../terminal/table.ts';
import { verdict } from './verdict.ts';

/** The outcome of `compare`. */
export interface FinishedComparison {
  /** Folder of the comparison. */
  out: string;
  /** Absent when the comparison was interrupted. */
  comparison?: ComparisonFile;
  report?: string;
  figure?: string;
}

/** Prints the outcome of a comparison: where its files are and how well each variant segments. */
export function printComparison(context: Context, json: boolean | undefined, finished: FinishedComparison): void {
  const { out, comparison, report, figure } = finished;
  const document = {
    comparison: out,
    stopped: comparison ? 'finished' : 'interrupted',
    report: report ?? null,
    figure: figure ?? null,
    variants: comparison?.variants ?? null,
    tests: comparison?.tests ?? null,
    failed: comparison?.failed ?? null,
  };
  printResult(context, json, document, () => (comparison ? comparisonText(comparison, finished) : ''));
}

const columns: readonly Column[] = [
  { heading: 'variant' },
  ...['Dice', 'HD95 mm', 'small found', 'difference', 'p (Holm)', 'step', 'training'].map((heading) => ({
    heading,
    numeric: true,
  })),
];

function comparisonText(comparison: ComparisonFile, { out, report, figure }: FinishedComparison): string {
  const paths = [`comparison: ${out}`, report && `report:     ${report}`, figure && `figure:     ${figure}`];
  const { cases, settings } = comparison;
  const counts = `mean over ${cases.test} test ${cases.test === 1 ? 'case' : 'cases'} ± standard deviation over ${settings.seeds.length === 1 ? '1 seed' : `${settings.seeds.length} seeds`}`;
  const rows = comparison.variants.map((variant) => row(variant, comparison));
  return `${paths.filter(Boolean).join('\n')}\n\n${counts}:\n${textTable(columns, rows)}\n${verdict(comparison)}\n`;
}

function row({ variant, dice, hd95, strata, secondsPerStep, seconds }: VariantSummary, { tests }: ComparisonFile) {
  const test = tests.comparisons.find((one) => one.variant === variant);
  const small = strata.find(({ objects }) => objects > 0);
  return [
    variant,
    spread(dice, 3),
    spread(hd95, 1),
    small ? spread(small.detectionRate, 2) : '–',
    test ? signed(test.meanDifference, 3) : 'baseline',
    test ? pValue(test.adjustedP) : '',
    secondsPerStep.mean === null ? '–' : `${(1000 * secondsPerStep.mean).toFixed(0)} ms`,
    seconds.mean === null ? '–' : duration(seconds.mean),
  ];
}
