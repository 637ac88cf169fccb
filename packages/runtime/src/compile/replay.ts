import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { EngineError, shortReason } from '../engine-error.ts';
import { graphOf } from './graph.ts';
import { placeConstants } from './large-constants.ts';
import type { NodeBackend } from './node-backend.ts';
import { release } from './record.ts';
import type { Recording } from './recording.ts';
import { encodeSavedModel, servingTag } from './saved-model.ts';

/** A recording that TensorFlow runs as one graph. */
export interface Replay {
  run(inputs: NamedTensorMap): Record<string, Tensor>;
  release(): void;
}

/**
 * Hands a recording to TensorFlow.
 *
 * @throws Error when TensorFlow refuses the graph; the recording is released then
 */
export function load(backend: NodeBackend, recorded: Recording): Replay {
  const recording = placeConstants(recorded, (dtype) => backend.getDTypeInteger(dtype));
  const { nodes, feeds, fetches } = graphOf(recording);
  const graph = loadGraph(backend, encodeSavedModel(nodes), recording);
  const [feedNames, fetchNames] = [feeds.join(','), fetches.join(',')];
  const { results, updates } = recording;
  const run = (inputs: NamedTensorMap): Record<string, Tensor> => {
    const fed = recording.feeds.map((feed) => {
      if (feed.kind === 'input') return inputs[feed.name] as Tensor;
      return feed.kind === 'variable' ? feed.variable : feed.tensor;
    });
    const ids = backend.getInputTensorIds(fed);
    let values;
    try {
      values = backend.binding.runSavedModel(graph, ids, feedNames, fetchNames);
    } catch (error) {
      // Nothing was set: the variables are as before the step.
      throw new EngineError('native', `native engine: the recorded step failed: ${shortReason(error)}.`, {
        cause: error,
      });
    }
    const tensors = values.map((value) => backend.createOutputTensor(value));
    updates.forEach(({ variable }, index) => {
      const value = tensors[results.length + index] as Tensor;
      variable.assign(value);
      value.dispose();
    });
    return Object.fromEntries(results.map(({ name }, index) => [name, tensors[index] as Tensor]));
  };
  return {
    run,
    release() {
      release(recording);
      backend.binding.deleteSavedModel(graph);
    },
  };
}

/** The binding loads graphs from files alone. */
function loadGraph({ binding }: NodeBackend, model: Buffer, recording: Recording): number {
  const folder = mkdtempSync(join(tmpdir(), 'interseg-step-'));
  try {
    writeFileSync(join(folder, 'saved_model.pb'), model);
    return binding.loadSavedModel(folder, servingTag);
  } catch (error) {
    release(recording);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
