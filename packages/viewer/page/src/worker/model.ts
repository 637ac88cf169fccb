import type { LoadedModel, ModelFiles } from '@interseg/inference';
import { loadOnEngine, type ModelOnEngine } from './choose-engine.ts';
import { engines } from './engine.ts';
import type { EngineSettings, ModelInfo } from './protocol.ts';

let current: ModelOnEngine | undefined;

/** Loads a model in place of the one before, which stays if that fails. */
export async function load(files: ModelFiles, settings: EngineSettings): Promise<ModelInfo> {
  try {
    const loaded = await loadOnEngine(files, settings, engines);
    current?.model.dispose();
    current = loaded;
  } catch (error) {
    // The model before goes on where it was.
    if (current?.engine.name === 'webgpu') await engines.webgpu();
    throw error;
  }
  const { description, engine, note } = current;
  return { description, name: files.index && nameIn(await files.index.text()), engine: engine.description, note };
}

/** The model that was loaded last. */
export function currentModel(): LoadedModel {
  if (!current) throw new Error('There is no model yet.');
  return current;
}

function nameIn(index: string): string | undefined {
  return (JSON.parse(index) as { name?: string }).name;
}
