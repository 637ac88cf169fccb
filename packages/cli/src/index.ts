export { writeComparisonReport, type ComparisonReport } from './comparison-report/write-comparison-report.ts';
export { main, run } from './main.ts';
export type { Context, LogStream } from './terminal/context.ts';
export { writeReport } from './run-report/write-run-report.ts';
