import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically, writeJson, makeFolder } from '@interseg/files';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelArtifacts } from './model-artifacts.ts';
import type { ModelDescription } from './model-description.ts';

/**
 * Writes a model as `model.json` and `weights.bin`, the format of TensorFlow.js: `loadLayersModel` opens it in a browser
 * too, once `@interseg/core-layers` is imported. Each file is renamed into place, `model.json` last.
 */
export async function saveModel(folder: string, model: LayersModel, description: ModelDescription): Promise<void> {
  await makeFolder(folder);
  const { weightData, weightSpecs, ...topology } = await modelArtifacts(model, description);
  const bytes = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
  await writeAtomically(join(folder, 'weights.bin'), (temporary) => writeFile(temporary, bytes));
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  await writeJson(join(folder, 'model.json'), { ...topology, weightsManifest });
}
