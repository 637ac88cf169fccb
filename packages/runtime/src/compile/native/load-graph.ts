import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeBackend } from './node-backend.ts';
import { encodeSavedModel, servingTag, type GraphNode } from './saved-model.ts';

/**
 * Loads a graph into TensorFlow; the binding does so from files only.
 *
 * @returns its number, for `runSavedModel` and `deleteSavedModel`
 * @throws Error when TensorFlow refuses the graph
 */
export function loadGraph({ binding }: NodeBackend, nodes: readonly GraphNode[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'interseg-step-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), encodeSavedModel(nodes));
    return binding.loadSavedModel(folder, servingTag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
