import { OptionError } from '@interseg/errors';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { combinePostProcessing } from '../predict/post-processing.ts';
import { compileNetwork, type CompilePass, type SliceNetwork } from '../networks/slice-network.ts';
import type { EnsembleMember } from '../predict/predict-volume.ts';
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

/** A network, with what prediction needs to know. */
export interface DescribedNetwork {
  network: LayersModel | SliceNetwork;
  description: ModelDescription;
}

/** Opens models of a format of their own, such as ONNX. */
export interface ModelFormat {
  /** Whether a file or folder is of this format, by its name. */
  matches(path: string): boolean;
  /** @throws DataError when the file is not such a model */
  open(path: string): Promise<DescribedNetwork>;
}

/** Options of {@link loadEnsemble}. */
export interface EnsembleOptions {
  /** Formats of models beside that of `saveModel`. Defaults to none. */
  formats?: readonly ModelFormat[];
  /**
   * Makes the passes of models of TensorFlow.js faster, as `compileStep` of `@interseg/runtime` does. Defaults to the
   * passes as they are.
   */
  compilePass?: CompilePass;
}

/**
 * Loads models that segment together.
 *
 * @param folders model folders, run folders, folders of a training with folds or of a network of a
 * cross-validation, which stand for the models of all folds, or
 * what one of `formats` opens
 * @throws OptionError when their channels, classes or output activations differ; DataError when one cannot be read, or a fold has no model
 */
export async function loadEnsemble(
  folders: readonly string[],
  { formats = [], compilePass }: EnsembleOptions = {},
): Promise<Ensemble> {
  const formatOf = (path: string): ModelFormat | undefined => formats.find((one) => one.matches(path));
  const found = (await Promise.all(folders.map((one) => (formatOf(one) ? one : findModels(one))))).flat();
  const loaded: DescribedNetwork[] = [];
  const dispose = (): void => loaded.forEach(({ network }) => network.dispose());
  try {
    for (const path of found) loaded.push(await (formatOf(path)?.open(path) ?? openFolder(path, compilePass)));
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
      members: loaded.map(({ network, description }) => ({ model: network, slices: description.slices })),
      description: { ...first!.description, postProcessing },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function openFolder(folder: string, compilePass?: CompilePass): Promise<DescribedNetwork> {
  const { model, description } = await loadModel(folder);
  return { network: compilePass ? compileNetwork(model, compilePass) : model, description };
}
