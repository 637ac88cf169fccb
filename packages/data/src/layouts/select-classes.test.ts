import { join } from 'node:path';
import { OptionError } from '@interseg/errors';
import { expect, it } from 'vitest';
import { sequences, writeBrats } from '../../test/brats-folder.ts';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { openSlices } from '../slices/open-slices.ts';
import { prepareCase } from '../slices/preparation/prepare-case.ts';
import { openBrats } from './brats.ts';
import { readCase } from '../cases/read-case.ts';
import { selectClasses } from './select-classes.ts';

const root = await temporaryFolder();
const seg = Uint8Array.of(0, 1, 2, 4);
const dataset = await openBrats(await writeBrats(join(root, 'brats'), [{ id: 'a', files: { ...sequences(), seg } }]));

it('leaves the chosen classes, in the order wanted; the values of the others are background', async () => {
  const chosen = selectClasses(dataset, ['Enhancing Tumour', 'tumour core']);
  expect(chosen.classes.map(({ name }) => name)).toEqual(['enhancing tumour', 'tumour core']);
  expect(chosen.background).toEqual([2]);
  const volume = await readCase(chosen, chosen.cases[0]!);
  expect([...volume.labels!]).toEqual([0, 1, 2, 4]);
  // The last voxel first: the grid runs to the left and the back. Pairs: enhancing, core.
  expect([...prepareCase(volume, chosen.classes, { size: [2, 2] }).masks!]).toEqual([1, 1, 0, 0, 0, 1, 0, 0]);
  expect(selectClasses(chosen, ['enhancing tumour']).background).toEqual([2, 1]);
});

it('can be trained on, though label maps have values of no class', async () => {
  const chosen = selectClasses(dataset, ['enhancing tumour']);
  const { length, classes } = await openSlices(chosen, ['a'], { size: [2, 2] });
  expect([length, classes]).toEqual([1, 1]);
});

it('refuses names of no class, twice or none', () => {
  expect(() => selectClasses(dataset, ['spleen'])).toThrow(OptionError);
  expect(() => selectClasses(dataset, ['spleen'])).toThrow(
    /the option classes has "spleen" which is no class of it, expected some of whole tumour, tumour core, enhancing tumour\./,
  );
  expect(() => selectClasses(dataset, ['tumour core', 'tumour core'])).toThrow(/"tumour core" twice/);
  expect(() => selectClasses(dataset, [])).toThrow(/classes is empty/);
});
