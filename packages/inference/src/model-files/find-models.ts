import { basename, dirname, join, resolve } from 'node:path';
import { DataError } from '@interseg/errors';
import { exists, isObject, readJsonObject } from '@interseg/files';
import { isArchive } from './load-model.ts';

/**
 * The model folders that a folder stands for: itself; the `model` of a run; or those of all folds, which segment together, of a
 * training with folds, of a network of a cross-validation (`sweep/runs/unet-seed1` for `unet-seed1-fold1`, `-fold2`, …), or of
 * a cross-validation of one network.
 *
 * @param folder a folder, or `model.json` in it; or a zip archive of a model, which stands for itself
 * @throws DataError when not every fold has a model yet, or the folder is a cross-validation of several networks
 */
export async function findModels(folder: string): Promise<string[]> {
  const description = join(folder, 'folds.json');
  if (await exists(description)) {
    const { folds } = await readJsonObject(description, 'the folds of a training');
    const runs = Array.from({ length: Number(folds) }, (_, index) => join(folder, `fold_${index + 1}`));
    return modelsOf(runs, `'interseg resume ${folder}' trains what is missing`);
  }
  const found = await modelOf(folder);
  if (found !== undefined) return [found];
  if (isArchive(folder)) return [folder];
  const runs = await runsOfCrossValidation(folder);
  return runs ? modelsOf(runs, "'interseg sweep status' shows what is missing") : [folder];
}

/** The folder with the model of a run, or the folder itself where the model lies in it. */
async function modelOf(folder: string): Promise<string | undefined> {
  for (const one of [folder, join(folder, 'model')]) if (await exists(join(one, 'model.json'))) return one;
  return undefined;
}

async function modelsOf(runs: readonly string[], hint: string): Promise<string[]> {
  const models: string[] = [];
  for (const run of runs) {
    const found = await modelOf(run);
    if (found === undefined) {
      throw new DataError(`${run}: found no model, expected one in each of ${runs.length} folds: ${hint}.`);
    }
    models.push(found);
  }
  return models;
}

/** The runs of all folds of a network. @returns undefined where the folder is none of a cross-validation */
async function runsOfCrossValidation(folder: string): Promise<string[] | undefined> {
  const ofSweep = await foldsOfNetworks(folder);
  if (ofSweep.size > 1) {
    const [first] = ofSweep.keys();
    throw new DataError(
      `${folder}: found a cross-validation of ${ofSweep.size} networks, expected one of them, such as ${join(folder, 'runs', first!)}.`,
    );
  }
  const [only] = ofSweep.values();
  if (only) return only;
  const parent = dirname(resolve(folder));
  const sweep = basename(parent) === 'runs' ? dirname(parent) : undefined;
  return sweep === undefined ? undefined : (await foldsOfNetworks(sweep)).get(basename(resolve(folder)));
}

/** The run folders of all folds, by the name of the network and its seed; from the manifest of a sweep. */
async function foldsOfNetworks(sweep: string): Promise<Map<string, string[]>> {
  const networks = new Map<string, string[]>();
  const path = join(sweep, 'runs.json');
  if (!(await exists(path))) return networks;
  const { runs } = await readJsonObject(path, 'the manifest of a sweep');
  for (const run of Array.isArray(runs) ? runs : []) {
    const { name, fold } = isObject(run) ? run : {};
    if (typeof name !== 'string' || typeof fold !== 'number') continue;
    const network = name.replace(/-fold\d+$/, '');
    networks.set(network, [...(networks.get(network) ?? []), join(sweep, 'runs', name)]);
  }
  return networks;
}
