import type { MetricsFile } from '../evaluation/metrics-file.ts';
import type { FitResult } from '../loop/fit.ts';
import type { EpochRecord } from '../loop/history.ts';
import type { PostProcessingChoice } from '../post-processing/choose-for-model.ts';
import { finishRun } from './finish-run.ts';
import { fitRun } from './fit-run.ts';
import { missedClasses } from './missed-classes.ts';
import { prepareRun, type RunContext } from './prepare-run.ts';
import { pretrainRun } from './pretrain-run.ts';

/** How a run ended, and what it measured. */
export interface RunResult {
  stopped: FitResult['stopped'];
  history: EpochRecord[];
  bestEpoch?: number;
  /** Absent when the run was interrupted or has no test case. */
  metrics?: MetricsFile;
  /** Absent unless it was to be chosen. */
  postProcessing?: PostProcessingChoice;
}

/** Trains from where the run stands, then exports and evaluates the best checkpoint. */
export async function continueRun(run: RunContext, { restore }: { restore: boolean }): Promise<RunResult> {
  const prepared = await prepareRun(run, { restore });
  try {
    if (!(await pretrainRun(prepared))) return { stopped: 'interrupted', history: [] };
    const { stopped, state } = await fitRun(prepared);
    const { history, best } = state;
    if (stopped === 'interrupted') return { stopped, history, bestEpoch: best?.epoch };
    if (!best) {
      throw new Error(
        `${run.folder.root}: training was ended (${stopped}) within its first epoch, expected at least one whole epoch; 'interseg resume' goes on from there.`,
      );
    }
    const missed = missedClasses(state, run.dataset.classes);
    if (missed) run.hooks.onNote?.(missed);
    return { stopped, history, ...(await finishRun(prepared)) };
  } finally {
    prepared.dispose();
  }
}
