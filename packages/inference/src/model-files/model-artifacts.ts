import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelDescription } from './model-description.ts';

/**
 * A model with its description as TensorFlow.js passes saved models around, for what writes it in a format of its own.
 *
 * @returns its layers, and its weights as bytes
 */
export async function modelArtifacts(model: LayersModel, description: ModelDescription): Promise<io.ModelArtifacts> {
  model.setUserDefinedMetadata({ interseg: description });
  let saved: io.ModelArtifacts = {};
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return saved;
}
