import { pretrainOptions } from '../configuration/derive.ts';
import { pretrainMaskPath } from '../loop/mask-path.ts';
import type { PreparedRun } from './prepare-run.ts';

/**
 * Trains the mask path of a run where that comes before the network and is not done yet. A checkpoint is written after each
 * epoch, and one with the network's own moments at the end.
 *
 * @returns false when it was interrupted
 */
export async function pretrainRun(run: PreparedRun): Promise<boolean> {
  const { folder, configuration, hooks, network, optimizer, maskPathOptimizer, state, train, write } = run;
  if (!maskPathOptimizer || state.pretrained) return true;
  state.pretraining ??= { epochs: 0, steps: 0 };
  hooks.onStage?.(`training the mask path for ${configuration.pretrainEpochs} epochs`);
  state.pretrained = await pretrainMaskPath(network, train, {
    ...pretrainOptions(configuration),
    signal: hooks.signal,
    compileStep: hooks.compileStep,
    state: state.pretraining,
    optimizer: maskPathOptimizer,
    onEpoch: () => write(folder.last, maskPathOptimizer, state),
  });
  if (!state.pretrained) return false;
  // It begins with what the mask path has learned.
  optimizer.average?.restart();
  await write(folder.last, optimizer, state);
  return true;
}
