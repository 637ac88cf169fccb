export * from './common.ts';
export { findSeries, holdsDicom } from './files/find-series.ts';
export { readSeries } from './series/read-series-node.ts';
