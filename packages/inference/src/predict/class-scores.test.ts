import { labelMap } from '@interseg/data';
import { expect, it } from 'vitest';
import { scoresAgainstBackground } from './class-scores.ts';

const classes = [
  { name: 'a', values: [2, 3] },
  { name: 'b', values: [7] },
];
// Background: 0.3, 0.4, 0.35, 0.35, 0.4, 1, 0.1, 0.
const a = Float32Array.of(0.4, 0.3, 0.375, 0.2, 0.5, 0, 0.1, 0.5);
const b = Float32Array.of(0.3, 0.3, 0.275, 0.45, 0.1, 0, 0.8, 0.5);

it('has the odds of the most probable class against the background', () => {
  const [ofA, ofB] = scoresAgainstBackground([a, b]);
  [4 / 7, 3 / 7, 0.375 / 0.725, 0, 5 / 9, 0, 0, 1].forEach((score, voxel) => expect(ofA![voxel]).toBeCloseTo(score, 6));
  [0, 0, 0, 0.45 / 0.8, 0, 0, 8 / 9, 0].forEach((score, voxel) => expect(ofB![voxel]).toBeCloseTo(score, 6));
});

it('leads to labels of the most probable of background and classes', () => {
  const labels = (options = {}) => [...labelMap(scoresAgainstBackground([a, b]), classes, options)];
  expect(labels()).toEqual([2, 0, 2, 7, 2, 0, 7, 2]);
  // The probabilities themselves reach the threshold more seldom.
  expect([...labelMap([a, b], classes)]).toEqual([0, 0, 0, 0, 2, 0, 7, 2]);
  // A class must be 4 times as probable as the background, or a quarter as probable.
  expect(labels({ threshold: 0.8 })).toEqual([0, 0, 0, 0, 0, 0, 7, 2]);
  expect(labels({ threshold: 0.2 })).toEqual([2, 2, 2, 7, 2, 0, 7, 2]);
});

it('are the probabilities where there is one class', () => {
  const one = Float32Array.of(0, 0.25, 0.5, 0.75, 1);
  expect(scoresAgainstBackground([one])[0]).toEqual(one);
});
