import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeAtomically } from '@interseg/files';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelContents } from './model-contents.ts';
import type { ModelDescription } from './model-description.ts';

/**
 * Writes a model as `model.json` and `weights.bin`, the format of TensorFlow.js: `loadLayersModel` opens it in a browser
 * too, once `@interseg/core-layers` is imported. Each file is renamed into place, `model.json` last.
 */
export async function saveModel(folder: string, model: LayersModel, description: ModelDescription): Promise<void> {
  await makeFolder(folder);
  const contents = await modelContents(model, description);
  for (const name of ['weights.bin', 'model.json'] as const) {
    await writeAtomically(join(folder, name), (temporary) => writeFile(temporary, contents[name]));
  }
}
