import { DataError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { lopsidedLabels, syntheticFiles, syntheticSeries } from '../../test/synthetic-series.ts';
import {
  describeSegments,
  readSegmentation,
  regridLabels,
  writeFractionalSegmentation,
  writeSegmentation,
} from '../index.ts';

const shape = [13, 7, 5] as const;
const { segments } = describeSegments([
  { name: 'liver', values: [1] },
  { name: 'tumour', values: [2] },
  { name: 'fat', values: [3] },
]);
const series = await syntheticSeries({ shape });
const labels = lopsidedLabels(series.geometry.shape);
const written = writeSegmentation(series, labels, segments);

/** The file with a text, or a number of 16 bits behind it, replaced by another of its length. */
function changed(file: Uint8Array, find: Uint8Array | string, replace: Uint8Array | string): Uint8Array {
  const bytes = Buffer.from(file);
  const at = bytes.indexOf(typeof find === 'string' ? find : Buffer.from(find));
  expect(at).toBeGreaterThan(0);
  bytes.set(Buffer.from(replace as string), at);
  return new Uint8Array(bytes);
}

describe('a grid of another kind', () => {
  it('is that of the series, where the segmentation was drawn on mirrored and cut images', async () => {
    // The same voxels from the other corner: rows and columns run backwards, and slices from the top.
    const [columns, rows, slices] = shape;
    const mirrored = await syntheticSeries({
      shape,
      orientation: [-1, 0, 0, 0, -1, 0],
      attributes: undefined,
    });
    // Its first pixel lies where the last one of the series does.
    const first = mirrored.slices[0]!.position;
    const moved = {
      ...mirrored,
      slices: mirrored.slices.map((slice) => ({
        ...slice,
        position: [slice.position[0] + columns - 1, slice.position[1] + rows - 1, slice.position[2]] as const,
      })),
    };
    expect(first).toEqual(series.slices[0]!.position);
    const backwards = new Uint8Array(labels.length);
    for (let k = 0; k < slices; k++) {
      const slice = labels.slice(k * columns * rows, (k + 1) * columns * rows);
      backwards.set(slice.reverse(), k * columns * rows);
    }
    expect((await readSegmentation(writeSegmentation(moved, backwards, segments), { series })).labels).toEqual(labels);
  });

  it('is refused where its pixels lie between those of the series', async () => {
    const shifted = await syntheticSeries({ shape, spacing: [1, 1.1] });
    await expect(readSegmentation(writeSegmentation(shifted, labels, segments), { series })).rejects.toThrow(
      'segmentation: found frames on another grid than that of the series, expected its pixels (cut, turned by right angles or mirrored at most).',
    );
    const small = await syntheticSeries({ shape: [9, 7, 5] });
    await expect(readSegmentation(written, { series: small })).rejects.toThrow(
      /^segmentation: found \d+ voxels of segments outside of the series, expected all within it\.$/,
    );
  });

  it('is refused where the segmentation is of another series', async () => {
    const other = await syntheticSeries({ shape, seed: 'other' });
    await expect(readSegmentation(written, { series: other })).rejects.toThrow(
      'segmentation: found a segmentation of another series, expected one of that of image 0.',
    );
  });
});

describe('regridLabels', () => {
  const { shape: size, affine } = series.geometry;

  it('turns, mirrors and cuts', () => {
    // Axes in the order slices, columns, rows; columns run backwards; one slice more at the beginning.
    const turned = new Uint8Array(labels.length + 13 * 7);
    const place = (i: number, j: number, k: number): number => k + 1 + 6 * (12 - i + 13 * j);
    labels.forEach(
      (label, voxel) => (turned[place(voxel % 13, Math.floor(voxel / 13) % 7, Math.floor(voxel / 91))] = label),
    );
    const column = (n: number, sign = 1): number[] => affine.slice(0, 3).map((row) => sign * row[n]!);
    const [across, down, along, origin] = [column(0, -1), column(1), column(2), column(3)];
    const first = origin.map((value, axis) => value - 12 * across[axis]! - along[axis]!);
    const rows = [0, 1, 2].map((row) => [along[row]!, across[row]!, down[row]!, first[row]!]);
    const from = { shape: [6, 13, 7] as [number, number, number], affine: [...rows, [0, 0, 0, 1]] };
    expect([...regridLabels(turned, from, series.geometry, 'mask')]).toEqual([...labels]);
    turned[0] = 1;
    expect(() => regridLabels(turned, from, series.geometry, 'mask')).toThrow(
      'mask: found the label 1 outside of the series, expected all labels within it.',
    );
  });

  it('takes small differences, and no others', () => {
    const moved = (mm: number) => affine.map((row, index) => (index === 0 ? [...row.slice(0, 3), row[3]! + mm] : row));
    expect([...regridLabels(labels, { shape: size, affine: moved(0.1) }, series.geometry, 'mask')]).toEqual([
      ...labels,
    ]);
    expect(() => regridLabels(labels, { shape: size, affine: moved(0.4) }, series.geometry, 'mask')).toThrow(
      'mask: found voxels up to 0.40 voxels beside those of the series, expected its grid',
    );
    const oblique = [
      [0.8, 0.6, 0, 0],
      [-0.6, 0.8, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    expect(() => regridLabels(labels, { shape: size, affine: oblique }, series.geometry, 'mask')).toThrow(
      'mask: found axes along other directions than those of the series',
    );
  });
});

it.each([
  ['an image', syntheticFiles({ shape })[0]!, 'found an object that is no segmentation, expected a DICOM SEG.'],
  [
    'an unknown type',
    changed(written, 'BINARY', 'TRINRY'),
    'found no known type of segmentation, expected BINARY, FRACTIONAL or LABELMAP.',
  ],
  ['a file cut off in its pixels', written.slice(0, -20), 'found '],
  [
    'a frame of a segment that is not there',
    // (0062,000b) US of length 2 with the value 1
    changed(
      written,
      Uint8Array.of(0x62, 0, 0x0b, 0, 0x55, 0x53, 2, 0, 1, 0),
      Uint8Array.of(0x62, 0, 0x0b, 0, 0x55, 0x53, 2, 0, 9, 0),
    ),
    'found segment 9 in frame 1, which is not described.',
  ],
  [
    'a segment twice',
    changed(
      written,
      Uint8Array.of(0x62, 0, 4, 0, 0x55, 0x53, 2, 0, 2, 0),
      Uint8Array.of(0x62, 0, 4, 0, 0x55, 0x53, 2, 0, 1, 0),
    ),
    'found segment 1 twice, expected each number once.',
  ],
])('%s is refused in a sentence', async (_, file, message) => {
  await expect(readSegmentation(file, { series })).rejects.toThrow(`segmentation: ${message}`);
});

it('refuses to write what does not fit', async () => {
  const attempt = (values: ArrayLike<number>) => () => writeSegmentation(series, values, segments);
  expect(attempt(labels.subarray(1))).toThrow('labels: found 454 values, expected 455 for 13 × 7 × 5 voxels.');
  expect(attempt(labels.map((label) => label * 2))).toThrow(
    'labels: found the value 4, which no segment has, expected 0, 1, 2, 3.',
  );
  expect(attempt(Float32Array.from(labels, (label) => label / 2))).toThrow('labels: found the value 0.5');
  expect(() => writeFractionalSegmentation(series, [labels], segments)).toThrow('found those of 1 segments');
  expect(() => writeFractionalSegmentation(series, [labels, labels, labels], segments)).toThrow(
    'probabilities: found 2, expected numbers from 0 to 1.',
  );
  const [liver] = segments;
  for (const [change, message] of [
    [{ label: '' }, "found the label '', expected 1 to 64 characters"],
    [{ values: [0] }, 'segment liver: found the label value 0, expected whole numbers from 1 to 65535.'],
    [{ color: [1, 2, 300] }, 'segment liver: found the colour 1, 2, 300'],
    [{ algorithmName: '' }, 'segment liver: found no algorithm name'],
    [{ type: { value: '1', scheme: 'SCT', meaning: 'x'.repeat(65) } }, 'segment liver, type: found'],
  ] as const) {
    expect(() => writeSegmentation(series, labels, [{ ...liver!, ...change } as never])).toThrow(message);
  }
  expect(() => describeSegments([{ name: 'liver', values: [1] }], [{ label: 'spleen' }])).toThrow(
    'segments: found spleen, which is no class, expected some of liver.',
  );
  expect(() => describeSegments([{ name: 'a', values: [1] }], [{ label: 'a', type: 'thing' }])).toThrow(
    'segments: found thing as the type of a, expected a name that has a code',
  );
});

/** Damaged files: whatever the bytes, a label map of the size that it says, or an error in one sentence. */
it('reading ends with labels or with one sentence, whatever the bytes', async () => {
  const fractional = writeFractionalSegmentation(
    series,
    [labels, labels, labels].map((all) => Float32Array.from(all, (label) => label / 4)),
    segments,
  );
  // As far as the pixels: bits of masks may be anything.
  const ends = [written, fractional].map((file) =>
    Buffer.from(file).indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x42])),
  );
  let state = 12345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const results = { read: 0, refused: 0 };
  for (let run = 0; run < 2000; run++) {
    const file = [written, fractional][run % 2]!.slice();
    const end = ends[run % 2]! + 12;
    for (let change = 0; change <= random(4); change++) file[132 + random(end - 132)] = random(256);
    const bytes = run % 10 === 9 ? file.subarray(0, random(file.length)) : file;
    try {
      const found = await readSegmentation(bytes, { series: run % 3 === 0 ? series : undefined, maxBytes: 1e6 });
      expect(found.labels.length).toBe(found.shape[0] * found.shape[1] * found.shape[2]);
      expect(found.labels.byteLength).toBeLessThanOrEqual(1e6);
      expect(found.affine.flat().every(Number.isFinite)).toBe(true);
      results.read++;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      expect(error.message).toMatch(/^segmentation: found [^\n]+\.$/);
      results.refused++;
    }
  }
  expect(results.read).toBeGreaterThan(200);
  expect(results.refused).toBeGreaterThan(200);
});
