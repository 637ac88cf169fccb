import type { DataId, NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { EngineError, shortReason } from '../../engine-error.ts';
import { castConvolutions } from '../../native/bf16/cast-graph.ts';
import type { Replay } from '../step-recorder.ts';
import { fuseInstanceNormalization } from './fuse-instance-normalization.ts';
import { fuseRelu } from './fuse-relu.ts';
import { createGraph } from './graph.ts';
import { hasFusedNormalization } from './has-fused-normalization.ts';
import { placeConstants } from './large-constants.ts';
import { loadGraph } from './load-graph.ts';
import type { NodeBackend } from './node-backend.ts';
import { release } from './record.ts';
import type { Recording } from './recording.ts';

/**
 * The most bytes of variables that become constants: TensorFlow takes a dozen times as many for them while it optimises
 * the graph, and larger networks gain little.
 */
const mostFrozen = 16 * 2 ** 20;

/**
 * Loads a recording into TensorFlow.
 *
 * @param freeze whether the variables become constants of the graph, which is stale once one of them is set, unless
 * they are large or the step sets some itself
 * @throws Error when TensorFlow refuses the graph, after releasing the recording
 */
export function load(backend: NodeBackend, recorded: Recording, freeze: boolean): Replay {
  const isPure = freeze && recorded.updates.length === 0;
  const read = isPure ? readVariables(recorded) : [];
  const frozen = read.reduce((sum, { variable }) => sum + 4 * variable.size, 0) <= mostFrozen ? read : [];
  const placed = placeConstants(recorded, (dtype) => backend.getDTypeInteger(dtype), frozen.length > 0);
  const fused = fuseRelu(isPure && hasFusedNormalization(backend) ? fuseInstanceNormalization(placed) : placed);
  const { precision } = backend.binding;
  const recording = precision === 'bf16' ? castConvolutions(fused) : fused;
  const { nodes, feeds, fetches } = createGraph(recording);
  let graph: number;
  try {
    graph = loadGraph(backend, nodes);
  } catch (error) {
    release(recording);
    throw error;
  }
  const [feedNames, fetchNames] = [feeds.join(','), fetches.join(',')];
  const { results, updates } = recording;
  const run = (inputs: NamedTensorMap): Record<string, Tensor> => {
    const fed = recording.feeds.map((feed) => {
      if (feed.kind === 'input') return inputs[feed.name]!;
      return feed.kind === 'variable' ? feed.variable : feed.tensor;
    });
    const ids = backend.getInputTensorIds(fed);
    let values;
    try {
      values = backend.binding.runSavedModel(graph, ids, feedNames, fetchNames);
    } catch (error) {
      // Nothing was assigned: the variables have their values from before the step.
      throw new EngineError('native', `native engine: the recorded step failed: ${shortReason(error)}.`, {
        cause: error,
      });
    }
    const tensors = values.map((value) => backend.createOutputTensor(value));
    updates.forEach(({ variable }, index) => {
      const value = tensors[results.length + index]!;
      variable.assign(value);
      value.dispose();
    });
    return Object.fromEntries(results.map(({ name }, index) => [name, tensors[index]!]));
  };
  return {
    run,
    get isStale() {
      if (backend.binding.precision !== precision) return true;
      return frozen.some(({ variable, dataId }) => variable.isDisposed || variable.dataId !== dataId);
    },
    release() {
      release(recording);
      backend.binding.deleteSavedModel(graph);
    },
  };
}

/** The variables that a step reads, with the data that they have now. */
function readVariables({ feeds }: Recording): { variable: Variable; dataId: DataId }[] {
  return feeds.flatMap((feed) =>
    feed.kind === 'variable' ? [{ variable: feed.variable, dataId: feed.variable.dataId }] : [],
  );
}
