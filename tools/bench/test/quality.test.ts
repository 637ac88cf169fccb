import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recipe, runConfiguration } from '@interseg/training';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findPython } from '../../build/python.ts';
import { families, phantomSeed, splitOf } from '../quality/families.mjs';
import { epochsWithin, medianPace, paceOf } from '../quality/pace.mjs';
import { tables } from '../quality/tables.mjs';

interface Scores {
  readonly dice: number | null;
  readonly hd95: number | null;
  readonly found: number;
  readonly false: number;
}

const python = await findPython(['nibabel', 'scipy', 'medpy']);
const ablation = fileURLToPath(new URL('../quality/ablation/', import.meta.url));
const peers = fileURLToPath(new URL('../quality/peers/', import.meta.url));

/** The masks of a row of voxels each, of 1 × 1 × 1 mm unless said otherwise; lines of voxels are divided by `/`. */
const twenty = '#'.repeat(20);
const flat = [10, 10, 1];
const pairs = {
  // The reference has two objects: 2 + 1 voxels that touch at a corner, and 4 in a row.
  mixed: { prediction: '#....../......./#....../.......', reference: '##...../..#..../......./...####' },
  tenth: { prediction: `##${'.'.repeat(18)}`, reference: twenty },
  twentieth: { prediction: `#${'.'.repeat(19)}`, reference: twenty },
  // Voxels of 0.1 ml.
  small: { prediction: '#..###', reference: '##.###', spacing: flat, small: 0.25 },
  neither: { prediction: '...', reference: '...' },
  invented: { prediction: '#..', reference: '...' },
  missed: { prediction: '...', reference: '#..' },
  apart: { prediction: '#..', reference: '.#.', spacing: flat },
};
const rows = [
  { dice: 0.5, hd95: 4, objects: 2, found: 1, false: 1, smallVoxels: 10, smallFound: 5 },
  { dice: 1, hd95: 2, objects: 1, found: 1, false: 0, smallVoxels: 0, smallFound: 0 },
  { dice: 0, hd95: null, objects: 0, found: 0, false: 3, smallVoxels: 0, smallFound: 0 },
  { dice: null, hd95: null, objects: 0, found: 0, false: 0, smallVoxels: 0, smallFound: 0 },
];
const script = `import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, score
def mask(text): return np.array([[[c == "#"] for c in row] for row in text.split("/")])
def one(pair): return score.score_masks(
    mask(pair["prediction"]), mask(pair["reference"]), pair.get("spacing", [1, 1, 1]), pair.get("small", 1))
pairs, rows = json.loads(sys.argv[2])
print(json.dumps({"scores": {name: one(pair) for name, pair in pairs.items()}, "summary": score.summarize(rows)}))`;

describe.skipIf(python.skipped)('score.py', () => {
  let scores: Readonly<Record<keyof typeof pairs, Scores>>;
  let summary: unknown;
  beforeAll(async () => {
    expect(python.reason).toBe('');
    ({ scores, summary } = await python.run<{ scores: typeof scores; summary: unknown }>(script, [
      peers,
      JSON.stringify([pairs, rows]),
    ]));
  });

  it('counts overlap, objects and false objects', () => {
    // The prediction hits 1 voxel of the first object, none of the second, and has one object of its own. From the
    // reference to the prediction {(0, 0), (2, 0)} the surface voxels have the distances 0, 1, √5, √10, √17, √26, √37;
    // back 0 and 2. Of these 9 the 95th percentile is 0.6 of the way from the last but one to the last.
    expect(scores.mixed).toEqual({
      dice: 2 / 9,
      ...{ objects: 2, found: 1, false: 1, smallVoxels: 7, smallFound: 1 },
      hd95: expect.closeTo(0.4 * Math.sqrt(26) + 0.6 * Math.sqrt(37), 12) as number,
    });
  });

  it('takes an object for found from a tenth of its voxels on, and what touches it for no false one', () => {
    expect(scores.tenth).toMatchObject({ found: 1, false: 0 });
    expect(scores.twentieth).toMatchObject({ found: 0, false: 0 });
  });

  it('knows an object below the volume by its spacing, and empty masks', () => {
    expect(scores.small).toMatchObject({ smallVoxels: 2, smallFound: 1 });
    expect(scores.neither).toMatchObject({ dice: null, objects: 0, found: 0, false: 0, hd95: null });
    expect(scores.invented).toMatchObject({ dice: 0, objects: 0, false: 1, hd95: null });
    expect(scores.missed).toMatchObject({ dice: 0, objects: 1, found: 0, false: 0, hd95: null });
    expect(scores.apart).toMatchObject({ dice: 0, hd95: 10 });
  });

  it('averages Dice over cases and classes where either mask has voxels, and sums objects', () => {
    expect(summary).toEqual({
      ...{ meanDice: 0.5, medianDice: 0.5, diceOf: 3, hd95: 3, hd95Of: 2 },
      ...{ objects: 3, found: 2, false: 4, smallVoxels: 10, smallFound: 5, smallSensitivity: 0.5 },
    });
  });
});

it('splits each family by patient, with other patients for each family and seed', () => {
  const seeds = new Set<number>();
  for (const [name, family] of Object.entries(families)) {
    const { train, validation, test } = splitOf(family);
    const all = [...train, ...validation, ...test];
    expect(new Set(all).size).toBe(all.length);
    expect([train.length, validation.length, test.length]).toEqual(Object.values(family.patients));
    for (const seed of [1, 2, 11, 12]) seeds.add(phantomSeed(name, seed));
  }
  expect(splitOf(families['e']!).test.at(0)).toBe('phantom_009');
  expect(seeds.size).toBe(4 * Object.keys(families).length);
});

it('plans as many epochs as fit after the start', () => {
  // 7 s until the first epoch ends, 2 s each from then on: 5 s of start, so 55 s for epochs of 2 s.
  const pace = paceOf([{ cpu: 7 }, { cpu: 9 }, { cpu: 11 }]);
  expect(pace).toEqual({ epochSeconds: 2, start: 5 });
  expect(epochsWithin(pace, 60)).toBe(28);
  expect(paceOf([{ cpu: 1 }, { cpu: 31 }])).toEqual({ epochSeconds: 30, start: 0 });
  expect(epochsWithin({ epochSeconds: 30, start: 0 }, 10)).toBe(1);
});

it.each(readdirSync(ablation))(
  'the ablation %s has options of a run that differ from the defaults of a plan',
  async (name) => {
    const options = parse(await readFile(join(ablation, name), 'utf8')) as object;
    expect(runConfiguration.safeParse({ data: 'folder', ...options }).error).toBeUndefined();
    for (const [option, value] of Object.entries(options)) {
      expect(recipe).not.toHaveProperty(option, value);
    }
  },
);

it('takes the pace in the middle of the rounds', () => {
  const rounds = [9, 2, 4].map((epochSeconds, start) => ({ epochSeconds, start }));
  expect(medianPace(rounds)).toEqual({ epochSeconds: 4, start: 1 });
  expect(medianPace(rounds.slice(0, 2))).toEqual({ epochSeconds: 5.5, start: 0.5 });
});

it('writes a row for each competitor and time, over the seeds', () => {
  const summary = { meanDice: 0.5, medianDice: 0.6, objects: 10, found: 7, false: 2, smallSensitivity: 0.25, hd95: 3 };
  const result = { family: 'e', seed: 2, minutes: 8, competitor: 'nnunet', mirroring: false, epochs: 30 };
  const times = { cpuMinutes: 8, wallMinutes: 10 };
  const text = tables([
    { ...result, ...times, summary },
    { ...result, ...times, seed: 1, summary: { ...summary, meanDice: 0.7, found: 8, hd95: null } },
  ]);
  expect(text).toContain('| nnunet | 8 | 1, 2 | 0.600 / 0.600 | 15 of 20 | 4 | 0.250 | 3.0 | 30, 30 | 8.0 / 10.0 |');
  expect(text).not.toContain('## (a)');
});
