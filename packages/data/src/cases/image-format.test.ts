import { join } from 'node:path';
import { OptionError } from '@interseg/errors';
import { scalingAffine, writeNifti } from '@interseg/nifti';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { defineImageFormat, type ImageFormat } from './image-format.ts';
import { readCase, readLabels } from './read-case.ts';

const dataset = { channels: ['ct'], modality: 'ct', classes: [{ name: 'spleen', values: [1] }] } as const;
const format: ImageFormat = {
  name: 'numbers',
  matches: (path) => path.endsWith('.txt'),
  read: async (path) => ({
    data: Uint8Array.from(path.includes('label') ? [0, 1, 1, 0] : [5, 6, 7, 8]),
    shape: [2, 2, 1],
    affine: scalingAffine([1, 1, 1]),
  }),
};

it('reads cases in a format that was defined, beside NIfTI', async () => {
  defineImageFormat(format);
  expect(defineImageFormat(format)).toBe(format);
  const both = await readCase(dataset, { id: 'a', patient: 'a', images: ['/image.txt'], label: '/label.txt' });
  expect([...both.channels[0]!]).toEqual([5, 6, 7, 8]);
  expect([...both.labels!]).toEqual([0, 1, 1, 0]);
  expect(both.source.header).toBeUndefined();
  expect([...(await readLabels(dataset, '/label.txt')).labels]).toEqual([0, 1, 1, 0]);

  const label = join(await temporaryFolder(), 'label.nii.gz');
  const volume = { data: Uint8Array.of(1, 0, 0, 1), shape: [2, 2, 1], affine: scalingAffine([1, 1, 1]) };
  await writeNifti(label, volume, { labels: true });
  const mixed = await readCase(dataset, { id: 'a', patient: 'a', images: ['/image.txt'], label });
  expect([...mixed.labels!]).toEqual([1, 0, 0, 1]);
});

it('refuses another format with the same name', () => {
  defineImageFormat(format);
  expect(() => defineImageFormat({ ...format })).toThrow(OptionError);
});
