import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { findModels } from './find-models.ts';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

/** Makes a folder with a model in it. */
async function makeModel(...path: string[]): Promise<string> {
  const model = join(folder, ...path);
  await mkdir(model, { recursive: true });
  await writeFile(join(model, 'model.json'), '{}');
  return model;
}

/** Makes a cross-validation with a model for each fold. */
async function makeSweep(names: string[], folds = 2): Promise<string[]> {
  const runs = names.flatMap((name) =>
    Array.from({ length: folds }, (_, index) => ({ name: `${name}-fold${index + 1}`, fold: index + 1 })),
  );
  await writeFile(join(folder, 'runs.json'), JSON.stringify({ runs }));
  return Promise.all(runs.map(({ name }) => makeModel('runs', name, 'model')));
}

it('takes a model folder, a run, or all folds of a training', async () => {
  const model = await makeModel('run', 'model');
  expect(await findModels(model)).toEqual([model]);
  expect(await findModels(join(folder, 'run'))).toEqual([model]);
  expect(await findModels(join(folder, 'none'))).toEqual([join(folder, 'none')]);
  await writeFile(join(folder, 'folds.json'), '{"folds":2}');
  const first = await makeModel('fold_1', 'model');
  await expect(findModels(folder)).rejects.toThrow(
    /fold_2: found no model, expected one in each of 2 folds: 'interseg resume/,
  );
  const second = await makeModel('fold_2', 'model');
  expect(await findModels(folder)).toEqual([first, second]);
});

it('takes all folds of a network of a cross-validation', async () => {
  const models = await makeSweep(['unet-seed1', 'unet-seed11']);
  expect(await findModels(join(folder, 'runs', 'unet-seed1'))).toEqual(models.slice(0, 2));
  expect(await findModels(`${join(folder, 'runs', 'unet-seed11')}/`)).toEqual(models.slice(2));
  expect(await findModels(join(folder, 'runs', 'unet-seed1-fold2'))).toEqual([models[1]]);
  await expect(findModels(folder)).rejects.toThrow(
    /a cross-validation of 2 networks, expected one of them, such as .*runs.unet-seed1\./,
  );
  await rm(models[1]!, { recursive: true });
  await expect(findModels(join(folder, 'runs', 'unet-seed1'))).rejects.toThrow(
    /fold2: found no model, .* 'interseg sweep status'/,
  );
});

it('takes a cross-validation of one network as that network', async () => {
  const models = await makeSweep(['unet+lambda=1-seed3'], 3);
  expect(await findModels(folder)).toEqual(models);
});
