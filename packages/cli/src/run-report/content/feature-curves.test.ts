import { expect, it } from 'vitest';
import { parseFeatureCurves } from './feature-curves.ts';

it('reads the curves of features.csv, with gaps for epochs that are not there', () => {
  expect(parseFeatureCurves("epoch,y_0,y_1,y'_0,y'_1\n1,0.5,2,0.25,1\n3,0.4,3,0.2,\n")).toEqual([
    { name: 'y_0', level: 0, isTarget: false, values: [0.5, undefined, 0.4] },
    { name: 'y_1', level: 1, isTarget: false, values: [2, undefined, 3] },
    { name: 'y′_0', level: 0, isTarget: true, values: [0.25, undefined, 0.2] },
    { name: 'y′_1', level: 1, isTarget: true, values: [1, undefined, undefined] },
  ]);
});

it('finds no curves where there are no rows', () => {
  expect(parseFeatureCurves('epoch\n')).toEqual([]);
  expect(parseFeatureCurves('')).toEqual([]);
});
