export * from './common.ts';
export { findSeries } from './files/find-series.ts';
export { readSeries } from './series/read-series-node.ts';
