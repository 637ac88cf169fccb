import { rm } from 'node:fs/promises';
import { fitOptions } from '../configuration/derive.ts';
import { fit, type FitResult } from '../loop/fit.ts';
import { recordEpochs } from '../record/record-run.ts';
import { writeHistory } from '../record/write-history.ts';
import { watchForEarlyEnd } from './early-end.ts';
import type { PreparedRun } from './prepare-run.ts';

/**
 * Trains the network of a run to its end or until it is stopped. Checkpoints and history are written after each epoch, and
 * checkpoints every few minutes of a long one.
 */
export async function fitRun(run: PreparedRun): Promise<FitResult> {
  const { folder, lock, configuration, hooks, network, optimizer, state, train, validation, unlabelled, write } = run;
  const recordEpoch = await recordEpochs(folder, state.step);
  const endEarly = await watchForEarlyEnd(folder, configuration);
  const others = unlabelled ? ` and ${unlabelled.length} without labels` : '';
  hooks.onStage?.(`training ${network.options.variant.title} on ${train.length} slices${others}`);
  const { checkpointMinutes } = configuration;
  const result = await fit(
    network,
    { train, validation, unlabelled },
    {
      ...fitOptions(configuration),
      // They are the optimiser's already.
      momentum: undefined,
      weightDecay: undefined,
      averageWeights: undefined,
      state,
      optimizer,
      endEarly,
      ...(checkpointMinutes > 0 && {
        checkpoints: { seconds: 60 * checkpointMinutes, write: (now) => write(folder.last, optimizer, now) },
      }),
      signal: hooks.signal,
      compileStep: hooks.compileStep,
      onStep: (progress) => {
        lock.checkLastBeat();
        hooks.onStep?.(progress);
      },
      onSkip: (_, message) => hooks.onNote?.(message),
      onEpoch: async (record, now, isBest) => {
        // The best one first: were it the other way round, a process killed in between would leave a `last` that knows
        // of a best epoch whose weights are nowhere.
        if (isBest) await write(folder.best, optimizer, now);
        await write(folder.last, optimizer, now);
        await lock.check();
        await writeHistory(folder, now);
        recordEpoch(record);
        hooks.onEpoch?.(record, isBest);
      },
    },
  );
  const isWhole = result.stopped === 'epochs' || result.stopped === 'patience';
  if (!isWhole) await write(folder.last, optimizer, result.state);
  if (!isWhole && result.stopped !== 'interrupted') await rm(folder.stop, { force: true });
  return result;
}
