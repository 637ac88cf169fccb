import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { runConfiguration } from '@interseg/training';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intersegHere } from '../../test/support.ts';
import { chooseSlices, evenly, slicesPerCase } from './choose-slices.ts';
import { collectPreview } from './collect-preview.ts';
import { drawPreview } from './draw-preview.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'interseg-preview-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

it('spreads rows over cases, and slices over those with foreground', () => {
  expect(evenly([1, 2, 3, 4, 5, 6], 3)).toEqual([2, 4, 6]);
  expect(evenly([1, 2], 3)).toEqual([1, 2]);
  expect(slicesPerCase(6, 4)).toEqual([1, 2, 1, 2]);
  const kinds = ['constant', 'foreground', 'background', 'foreground', 'foreground'] as const;
  expect(chooseSlices({ kinds: [...kinds] }, 2)).toEqual([1, 4]);
  expect(chooseSlices({ kinds: ['constant', 'background'] }, 2)).toEqual([1]);
});

it('draws pixels as they are, the last row at the top, and outlines inside the mask', () => {
  const slice = {
    size: [2, 2] as const,
    channels: 1,
    classes: 1,
    image: Float32Array.of(0, 0.2, 0.4, 1),
    mask: Float32Array.of(0, 0, 1, 0),
  };
  const canvas = drawPreview({
    titles: ['a'],
    rows: [{ caption: '', panels: [slice] }],
    classes: ['x'],
    isBounded: true,
  });
  // Pixels of 100; the panel begins at (20, 76).
  expect(canvas.at(70, 126)).toEqual([102, 102, 102]);
  expect(canvas.at(170, 126)).toEqual([255, 255, 255]);
  expect(canvas.at(70, 226)).toEqual([0, 0, 0]);
  expect(canvas.at(170, 226)).toEqual([51, 51, 51]);
  for (const [x, y] of [
    [20, 126],
    [119, 126],
    [70, 76],
    [70, 175],
  ] as const) {
    expect(canvas.at(x, y)).toEqual([255, 193, 7]);
  }
  expect(canvas.at(120, 126)).toEqual([255, 255, 255]);
});

describe('interseg data preview', () => {
  it('writes the same picture for the same seed, and shows what a run trains on', async () => {
    const data = join(folder, 'phantoms');
    const dataset = await generatePhantoms(data, { patients: 2, shape: [24, 24, 6], spacing: [8, 8, 20], seed: 3 });
    const out = join(folder, 'grid.png');
    const preview = async (...more: string[]): Promise<Buffer> => {
      const { status, stderr } = await intersegHere(
        'data',
        'preview',
        '--data',
        data,
        '--out',
        out,
        '--size',
        '32',
        ...more,
      );
      expect([status, stderr]).toEqual([0, '']);
      return readFile(out);
    };
    const plain = PNG.sync.read(await preview());
    const full = await preview('--augmentation', 'full', '--rows', '3');
    expect(PNG.sync.read(full).width).toBeGreaterThan(plain.width);
    expect(await preview('--augmentation', 'full', '--rows', '3')).toEqual(full);
    expect(await preview('--augmentation', 'full', '--rows', '3', '--seed', '2')).not.toEqual(full);

    const nnunet = await preview('--augmentation', 'nnunet', '--rows', '3');
    expect(nnunet).not.toEqual(full);
    expect(await preview('--augmentation', 'nnunet', '--rows', '3', '--augment-contrast', '0.9')).not.toEqual(nnunet);

    const configuration = runConfiguration.parse({ data, size: 32, augmentation: 'full', seed: 5 });
    const { rows } = await collectPreview(dataset, configuration, { rows: 1, epochs: 2 });
    expect(rows[0]!.panels).toHaveLength(3);

    const patches = { data, size: [8, 12], resizing: 'patch', patchForeground: 1, seed: 5 };
    const inPatches = await collectPreview(dataset, runConfiguration.parse(patches), { rows: 3, epochs: 4 });
    for (const { panels } of inPatches.rows) {
      expect(panels.map(({ size }) => size)).toEqual(new Array(5).fill([8, 12]));
      expect(panels[1]).toEqual(panels[0]);
      expect(panels.every(({ mask }) => mask.includes(1))).toBe(true);
    }
    // Of the context only the slice itself is shown.
    const inContext = await collectPreview(dataset, runConfiguration.parse({ ...patches, context: 2 }), {
      rows: 3,
      epochs: 4,
    });
    expect(inContext.rows).toEqual(inPatches.rows);
  });

  it('refuses another kind of file, and rows that are no number', async () => {
    const other = await intersegHere('data', 'preview', '--data', folder, '--out', 'grid.jpg');
    expect([other.status, other.stderr]).toEqual([
      2,
      expect.stringMatching(/--out: found 'grid\.jpg', expected .*\.png\./),
    ]);
    const rows = await intersegHere('data', 'preview', '--data', folder, '--out', 'grid.png', '--rows', 'many');
    expect([rows.status, rows.stderr]).toEqual([2, expect.stringMatching(/--rows: found 'many'/)]);
  });
});
