import { zipOf } from '@interseg/files';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelArtifacts } from './model-artifacts.ts';
import type { ModelDescription } from './model-description.ts';
import { weightsName } from './model-file.ts';
import { createModelIndex } from './model-index.ts';

/** The content of a model's files, by name. */
export type ModelContents = Readonly<Record<'model.json' | 'weights.bin', Uint8Array<ArrayBuffer>>>;

/** What `saveModel` writes into a folder: the format of TensorFlow.js. For places that have no folders, such as a page. */
export async function modelContents(model: LayersModel, description: ModelDescription): Promise<ModelContents> {
  const { weightData, weightSpecs, ...topology } = await modelArtifacts(model, description);
  const weightsManifest = [{ paths: [weightsName], weights: weightSpecs }];
  const text = `${JSON.stringify({ ...topology, weightsManifest }, null, 2)}\n`;
  return {
    'model.json': new TextEncoder().encode(text),
    'weights.bin': new Uint8Array(io.CompositeArrayBuffer.join(weightData)),
  };
}

/**
 * A zip archive with a model's files and their `index.json`, which `loadModel` and `unzipModelFiles` take. Where there is no
 * Web Crypto, as in a page that came over plain HTTP, it has no index.
 *
 * @param name for people
 */
export async function zipModel(contents: ModelContents, name?: string): Promise<Blob> {
  const hasDigest = (globalThis.crypto as Partial<typeof globalThis.crypto> | undefined)?.subtle !== undefined;
  const index = hasDigest ? `${JSON.stringify(await createModelIndex(contents, name), null, 2)}\n` : undefined;
  return zipOf({ ...contents, ...(index !== undefined && { 'index.json': new TextEncoder().encode(index) }) });
}
