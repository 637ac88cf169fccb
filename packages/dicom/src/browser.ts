export * from './common.ts';
export { readSeries } from './series/read-series-browser.ts';
