import * as tf from '@tensorflow/tfjs-core';
import { normalizeNode } from './fuse-instance-normalization.ts';
import { createGraph } from './graph.ts';
import { loadGraph } from './load-graph.ts';
import type { NodeBackend } from './node-backend.ts';

const known = new WeakMap<NodeBackend, boolean>();

/**
 * Whether TensorFlow has oneDNN's instance normalisation, as it has on x64. The operation is not public, so it also has
 * to give the right numbers.
 */
export function hasFusedNormalization(backend: NodeBackend & { isUsingGpuDevice?: boolean }): boolean {
  // It would have to move the features to the processor and back.
  if (backend.isUsingGpuDevice === true) return false;
  const isKnown = known.get(backend);
  if (isKnown !== undefined) return isKnown;
  let has: boolean;
  try {
    has = givesKnownNumbers(backend);
  } catch {
    has = false;
  }
  known.set(backend, has);
  return has;
}

/** 1 and 3 have the mean 2 and the variance 1: 2 · (∓1) + 1 is −1 and 3, of which ReLU makes 0 and 3. */
function givesKnownNumbers(backend: NodeBackend): boolean {
  const dtype = backend.getDTypeInteger('float32');
  const constant = (value: number) => ({ dtype, shape: [1], values: Float32Array.of(value) });
  const shape = [1, 1, 2, 1];
  const [scale, shift] = [0, 1].map((index) => ({ from: 'constant', constant: index }) as const);
  const found = { x: { from: 'feed', feed: 0 }, scale: scale!, shift: shift!, epsilon: 1e-6 } as const;
  const { nodes, feeds, fetches } = createGraph({
    nodes: [normalizeNode([{ dtype, shape }], found, ['Relu'])],
    constants: [constant(2), constant(1)],
    feeds: [{ kind: 'input', name: 'x', dtype, shape }],
    results: [{ name: 'y', source: { from: 'node', node: 0, output: 0 }, dtype: 'float32' }],
    updates: [],
  });
  const graph = loadGraph(backend, nodes);
  try {
    return tf.tidy(() => {
      const ids = backend.getInputTensorIds([tf.tensor([1, 3], shape)]);
      const [y] = backend.binding.runSavedModel(graph, ids, feeds.join(','), fetches.join(','));
      const [first, second] = backend.createOutputTensor(y!).dataSync();
      return first === 0 && Math.abs(second! - 3) < 1e-4;
    });
  } finally {
    backend.binding.deleteSavedModel(graph);
  }
}
