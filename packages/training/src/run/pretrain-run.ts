import { saveModel } from '@interseg/inference';
import { modelDescription, pretrainOptions } from '../configuration/derive.ts';
import { pretrainMaskPath } from '../loop/mask-path.ts';
import type { PretrainOptions } from '../loop/pretrain.ts';
import { pretrainReconstruction } from '../loop/reconstruction.ts';
import { openImages, type PreparedRun } from './prepare-run.ts';

/**
 * Trains what comes before the network of a run, the mask path or the reconstruction, where that is not done yet. A
 * checkpoint is written after each epoch, and one with the network's own moments at the end; with the reconstruction also a
 * model, for other runs to start from.
 *
 * @returns false when it was interrupted
 */
export async function pretrainRun(run: PreparedRun): Promise<boolean> {
  const { folder, lock, configuration, dataset, hooks, network, optimizer, pretrainingOptimizer, state, write } = run;
  if (!pretrainingOptimizer || state.pretrained) return true;
  state.pretraining ??= { epochs: 0, steps: 0 };
  const options: PretrainOptions = {
    ...pretrainOptions(configuration),
    signal: hooks.signal,
    compileStep: hooks.compileStep,
    state: state.pretraining,
    optimizer: pretrainingOptimizer,
  };
  const isReconstruction = configuration.pretrain === 'reconstruction';
  state.pretrained = await (isReconstruction ? learnToReconstruct(run, options) : learnMasks(run, options));
  if (!state.pretrained) return false;
  if (isReconstruction) {
    await lock.check();
    await saveModel(folder.pretrained, network.deploy, modelDescription(configuration, dataset));
  }
  // It begins with what has been learned.
  optimizer.average?.restart();
  await write(folder.last, optimizer, state);
  return true;
}

async function learnMasks(run: PreparedRun, options: PretrainOptions): Promise<boolean> {
  const { folder, configuration, hooks, network, train, state, write } = run;
  hooks.onStage?.(`training the mask path for ${configuration.pretrainEpochs} epochs`);
  const onEpoch = () => write(folder.last, options.optimizer!, state);
  return pretrainMaskPath(network, train, { ...options, onEpoch });
}

/** Trains the auto-encoder on the images of all cases but those for validation and test. */
async function learnToReconstruct(run: PreparedRun, options: PretrainOptions): Promise<boolean> {
  const { folder, configuration, split, hooks, network, state, write } = run;
  const { pretrainEpochs: epochs } = configuration;
  const source = await openImages(run, [...split.train, ...(split.unlabelled ?? [])], 'pretraining');
  hooks.onStage?.(`training the reconstruction for ${epochs} epochs on ${source.length} slices`);
  return pretrainReconstruction(network, source, {
    ...options,
    onEpoch: async (done, loss) => {
      await write(folder.last, options.optimizer!, state);
      hooks.onStage?.(`reconstruction, epoch ${done.epochs} of ${epochs}: loss ${Number(loss.toPrecision(5))}`);
    },
  });
}
