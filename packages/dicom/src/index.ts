export * from './common.ts';
export { findSeries } from './files/find-series.ts';
