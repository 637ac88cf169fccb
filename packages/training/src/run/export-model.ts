import { DataError } from '@interseg/errors';
import { createNetwork } from '@interseg/models';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { recoverCheckpoint } from '../checkpoint/checkpoint.ts';
import { modelDescription, networkOptions } from '../configuration/derive.ts';
import { exists, readJsonObject } from '@interseg/files';
import { saveModel, type ClassPostProcessing, type ModelDescription } from '@interseg/inference';
import { loadPlugins } from '../plugins/load-plugins.ts';
import { chosenSettings, type PostProcessingChoice } from '../post-processing/choose-for-model.ts';
import { openData } from './open-data.ts';
import { runFolder, type RunFolder } from './run-folder.ts';
import { readConfiguration } from './train.ts';

/** What {@link exportModel} writes. */
export interface ExportOptions {
  /** Whose weights: those of the epoch with the best validation, or of the last epoch. Defaults to `'best'`. */
  checkpoint?: 'best' | 'last';
  /** Called with a sentence about a damaged checkpoint and the one that is used instead. */
  onNote?: (message: string) => void;
}

/** Writes a network in a format of its own; the network is disposed of afterwards. */
export type ModelWriter = (model: LayersModel, description: ModelDescription) => Promise<void>;

/**
 * Writes the plain network of a run as a model folder, also of a run that goes on or was interrupted. The run is not changed
 * and not locked.
 *
 * @param run the run folder
 * @param out the folder of the model: `model.json` and `weights.bin`; or what writes the model
 * @returns how many whole epochs the weights were trained for
 * @throws DataError when the folder holds no run, the run no checkpoint, or its data has gone
 */
export async function exportModel(
  run: string,
  out: string | ModelWriter,
  { checkpoint = 'best', onNote = () => {} }: ExportOptions = {},
): Promise<{ epoch: number }> {
  const folder = runFolder(run);
  const configuration = await readConfiguration(folder);
  await loadPlugins(configuration.plugins, [run]);
  const dataset = await openData(configuration);
  const network = createNetwork(networkOptions(configuration, dataset));
  try {
    const state = await recoverCheckpoint(folder[checkpoint], network, () => undefined, onNote);
    if (!state) throw new DataError(`${folder[checkpoint]}: found no checkpoint, expected one of at least one epoch.`);
    // It was chosen for the weights of the best epoch, so it says nothing of others.
    const postProcessing = checkpoint === 'best' ? await readChosenSettings(folder) : undefined;
    const description = { ...modelDescription(configuration, dataset), ...(postProcessing && { postProcessing }) };
    const write: ModelWriter = typeof out === 'string' ? (...model) => saveModel(out, ...model) : out;
    await write(network.deploy, description);
    return { epoch: state.history.length };
  } finally {
    network.dispose();
  }
}

/** The post-processing that was chosen for a run that has ended. */
async function readChosenSettings({ postProcessing }: RunFolder): Promise<ClassPostProcessing[] | undefined> {
  if (!(await exists(postProcessing))) return undefined;
  const choice = await readJsonObject(postProcessing, 'the post-processing of a run');
  return chosenSettings(choice as unknown as PostProcessingChoice);
}
