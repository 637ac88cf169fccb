import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { exists, readJsonObject } from '@interseg/files';

/**
 * The model folders that a folder stands for: itself; the `model` of a run; or those of all folds of a training with folds,
 * which segment together.
 *
 * @param folder a folder, or `model.json` in it
 * @throws DataError when not every fold has a model yet
 */
export async function findModels(folder: string): Promise<string[]> {
  const description = join(folder, 'folds.json');
  if (await exists(description)) {
    const { folds } = await readJsonObject(description, 'the folds of a training');
    const runs = Array.from({ length: Number(folds) }, (_, index) => join(folder, `fold_${index + 1}`));
    const models: string[] = [];
    for (const run of runs) {
      const found = await modelOf(run);
      if (found === undefined) {
        throw new DataError(
          `${run}: found no model, expected one in each of ${runs.length} folds: 'interseg resume ${folder}' trains what is missing.`,
        );
      }
      models.push(found);
    }
    return models;
  }
  return [(await modelOf(folder)) ?? folder];
}

/** The folder with the model of a run, or the folder itself where the model lies in it. */
async function modelOf(folder: string): Promise<string | undefined> {
  for (const one of [folder, join(folder, 'model')]) if (await exists(join(one, 'model.json'))) return one;
  return undefined;
}
