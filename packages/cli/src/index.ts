export { writeComparisonReport, type ComparisonReport } from './comparison/write-comparison-report.ts';
export { main, run } from './main.ts';
export type { Context, LogStream } from './terminal/context.ts';
export { writeReport } from './report/write-report.ts';
