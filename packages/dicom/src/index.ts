export * from './common.ts';
export { findCaseSegmentation, readCaseFile, type CaseFile, type CaseSegmentation } from './files/case-files.ts';
export { findSeries, holdsDicom } from './files/find-series.ts';
export { readSeries } from './series/read-series-node.ts';
