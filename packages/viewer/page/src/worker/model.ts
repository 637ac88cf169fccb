import { loadModelFiles, type LoadedModel, type ModelFiles } from '@interseg/inference';
import { startEngine } from './engine.ts';
import type { ModelInfo } from './protocol.ts';

let current: LoadedModel | undefined;

/** Loads a model in place of the one before, which stays if that fails. @param threads at most so many, from 1 to 8 */
export async function load(files: ModelFiles, threads?: number): Promise<ModelInfo> {
  const engine = await startEngine(threads);
  const loaded = await loadModelFiles(files);
  current?.model.dispose();
  current = loaded;
  const { description } = loaded;
  return { description, name: files.index && nameIn(await files.index.text()), engine: engine.description };
}

/** The model that was loaded last. */
export function currentModel(): LoadedModel {
  if (!current) throw new Error('There is no model yet.');
  return current;
}

function nameIn(index: string): string | undefined {
  return (JSON.parse(index) as { name?: string }).name;
}
