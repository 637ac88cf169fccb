import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { writeMsd, type CaseContent } from '../../test/msd-folder.ts';
import { scalingAffine, type TypedNumberArray, writeNifti } from '@interseg/nifti';
import { DataError } from '@interseg/errors';
import type { CaseVolume } from './case-volume.ts';
import { openMsd } from '../layouts/msd.ts';
import { readCase } from './read-case.ts';

const root = await temporaryFolder();
let count = 0;

async function read(content: Omit<CaseContent, 'id'>, overrides = {}): Promise<CaseVolume> {
  const dataset = await openMsd(await writeMsd(join(root, `set${count++}`), [{ id: 'one', ...content }], overrides));
  return readCase(dataset, [...dataset.cases, ...dataset.unlabelled][0]!);
}

async function refusal(content: Omit<CaseContent, 'id'>, overrides = {}): Promise<string> {
  const error: unknown = await read(content, overrides).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

const image = Int16Array.of(1, 2, 3, 4);
const label = Uint8Array.of(0, 1, 0, 1);
const shape = [2, 2, 1];

describe('readCase', () => {
  it('gives channels, labels and the grid of the file', async () => {
    const two = Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const affine = scalingAffine([-2, 3, 4], [10, 0, 0]);
    const volume = await read(
      { shape: [2, 2, 1, 2], image: two, label: Uint8Array.of(0, 1, 2, 0), affine },
      { modality: { 0: 'a', 1: 'b' }, labels: { 0: 'background', 1: 'x', 2: 'y' } },
    );
    expect(volume.channels).toEqual([Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)]);
    expect(volume.labels).toEqual(Uint8Array.of(0, 1, 2, 0));
    expect(volume).toMatchObject({ id: 'one', shape: [2, 2, 1], spacing: [2, 3, 4], affine, replacedVoxels: 0 });
    expect(volume.source.header?.datatypeCode).toBe(4);
  });

  it('takes one channel with a fourth axis of 1, labels in floating point, and images without labels', async () => {
    const volume = await read({
      shape: [2, 2, 1, 1],
      image,
      label: Float32Array.from(label),
      labelShape: [2, 2, 1, 1],
    });
    expect(volume.labels).toEqual(label);
    expect((await read({ shape, image })).labels).toBeUndefined();
    const wide = await read({ shape, image, label: Uint16Array.of(0, 300, 0, 300) }, { labels: { 300: 'far' } });
    expect(wide.labels).toEqual(Uint16Array.of(0, 300, 0, 300));
  });

  it('replaces voxels that are not finite by the smallest of their channel', async () => {
    const broken = Float64Array.of(NaN, -3, Infinity, 4);
    const volume = await read({ shape, image: broken, label });
    expect(volume.channels[0]).toEqual(Float32Array.of(-3, -3, -3, 4));
    expect(volume.replacedVoxels).toBe(2);
    expect(await refusal({ shape, image: Float32Array.of(NaN, NaN, NaN, NaN), label })).toMatch(
      /found no finite voxel/,
    );
  });

  it('refuses labels of another shape or place, naming both files', async () => {
    const other = await refusal({ shape, image, label: Uint8Array.of(0, 1), labelShape: [2, 1, 1] });
    expect(other).toMatch(
      /labelsTr\/one\.nii\.gz: found 2 × 1 × 1 voxels, expected 2 × 2 × 1 .*imagesTr\/one\.nii\.gz\.$/,
    );
    const shifted = await refusal({ shape, image, label, labelAffine: scalingAffine([1, 1, 1], [0.2, 0, 0]) });
    expect(shifted).toMatch(/labelsTr.*lies up to 0\.2 mm from .*imagesTr.*at most 0\.1 mm/);
    const flipped = await refusal({ shape, image, label, labelAffine: scalingAffine([-1, 1, 1], [1, 0, 0]) });
    expect(flipped).toMatch(/lies up to 1 mm/);
    const rounded = await read({ shape, image, label, labelAffine: scalingAffine([1, 1, 1], [0.05, 0, 0]) });
    expect(rounded.labels).toEqual(label);
  });

  it('refuses labels that are in no class, naming the value and the file', async () => {
    expect(await refusal({ shape, image, label: Uint8Array.of(0, 1, 7, 0) })).toMatch(
      /labelsTr\/one\.nii\.gz: found the label 7 \(voxel 2 .*expected 0 or one of 1 \(lesion\)\.$/,
    );
    expect(await refusal({ shape, image, label: Float32Array.of(0, 0.5, 1, 0) })).toMatch(/found the label 0\.5/);
    expect(await refusal({ shape, image, label: Float32Array.of(0, NaN, 1, 0) })).toMatch(/found the label NaN/);
    expect(await refusal({ shape, image, label: Int16Array.of(0, -1, 1, 0) })).toMatch(/found the label -1/);
  });

  it('refuses another number of channels or axes', async () => {
    expect(await refusal({ shape, image, label }, { modality: { 0: 'a', 1: 'b' } })).toMatch(
      /found the shape 2 × 2 × 1, expected four axes, the last of 2 \(a, b\)/,
    );
    expect(await refusal({ shape: [2, 1, 1, 2], image, label: Uint8Array.of(0, 1) })).toMatch(/expected three axes/);
  });

  it('puts the channels of several files together, and refuses files that do not fit', async () => {
    const folder = await writeMsd(join(root, `set${count++}`), []);
    const write = async (name: string, data: TypedNumberArray, extents = shape, origin = 0): Promise<string> => {
      const path = join(folder, name);
      await writeNifti(path, { data, shape: extents, affine: scalingAffine([1, 1, 1], [origin, 0, 0]) });
      return path;
    };
    const context = { channels: ['t1', 'flair'], modality: 'mr', classes: [{ name: 'x', values: [1] }] } as const;
    const readFiles = (...images: string[]) => readCase(context, { id: 'two', patient: 'two', images });
    const t1 = await write('t1.nii', Float32Array.of(1, 2, NaN, 4));
    const flair = await write('flair.nii.gz', Float32Array.of(5, NaN, NaN, 8));
    const volume = await readFiles(t1, flair);
    expect(volume.channels).toEqual([Float32Array.of(1, 2, 1, 4), Float32Array.of(5, 5, 5, 8)]);
    expect(volume).toMatchObject({ replacedVoxels: 3, source: { path: t1 } });

    const small = await write('small.nii', Uint8Array.of(1, 2), [2, 1, 1]);
    await expect(readFiles(t1, small)).rejects.toThrow(
      `${small}: found 2 × 1 × 1 voxels, expected 2 × 2 × 1 as in ${t1}.`,
    );
    const moved = await write('moved.nii', image, shape, 0.5);
    await expect(readFiles(t1, moved)).rejects.toThrow(
      `${moved}: its grid lies up to 0.5 mm from that of ${t1}, expected at most 0.1 mm.`,
    );
    await expect(readFiles(t1, flair, t1)).rejects.toThrow(
      /t1\.nii: found 3 image files, expected one, or one for each of t1, flair/,
    );
    await expect(readFiles()).rejects.toThrow(/two: found 0 image files/);
    const four = await write('four.nii', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 1, 2]);
    await expect(readFiles(t1, four)).rejects.toThrow(/four\.nii: found the shape .* expected three axes \(flair\)/);
  });
});
