import { OptionError } from '@interseg/errors';
import { combinePostProcessing } from '../predict/post-processing.ts';
import type { EnsembleMember } from '../predict/predict-volume.ts';
import type { LoadedModel } from './build-model.ts';
import { findModels } from './find-models.ts';
import { loadModel } from './load-model.ts';
import type { ModelDescription } from './model-description.ts';

/** Models that segment together, and the description they share. */
export interface Ensemble {
  /** To be passed to `predictWithEnsemble`. */
  members: EnsembleMember[];
  description: ModelDescription;
  /** Disposes the models. */
  dispose(): void;
}

/**
 * Loads models that segment together.
 *
 * @param folders model folders, run folders, or folders of a training with folds, which stand for the models of all folds
 * @throws OptionError when their channels, classes or output activations differ; DataError when one cannot be read, or a fold has no model
 */
export async function loadEnsemble(folders: readonly string[]): Promise<Ensemble> {
  const found = (await Promise.all(folders.map(findModels))).flat();
  const loaded: LoadedModel[] = [];
  const dispose = (): void => loaded.forEach(({ model }) => model.dispose());
  try {
    for (const folder of found) loaded.push(await loadModel(folder));
    const [first] = loaded;
    const common = ({ channels, classes, outputActivation = 'sigmoid' }: ModelDescription): string =>
      JSON.stringify([channels, classes, outputActivation]);
    const other = loaded.findIndex(({ description }) => common(description) !== common(first!.description));
    if (other !== -1) {
      throw new OptionError(
        `${found[other]}: found channels, classes or an output activation that differ from those of ${found[0]}, expected models for the same task.`,
      );
    }
    const postProcessing = combinePostProcessing(loaded.map(({ description }) => description.postProcessing));
    return {
      members: loaded.map(({ model, description }) => ({ model, slices: description.slices })),
      description: { ...first!.description, postProcessing },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}
