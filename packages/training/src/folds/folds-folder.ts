import { join } from 'node:path';
import { runFolder, type RunFolder } from '../run/run-folder.ts';

/** The files of a training with folds. */
export function foldsFolder(root: string) {
  return {
    root,
    /** The number of folds, their splits and the configuration that they share. */
    folds: join(root, 'folds.json'),
    /** What the configuration was planned from, and why; only where it was planned. */
    plan: join(root, 'plan.json'),
    /** Held by the process that works on the folds. */
    lock: join(root, 'run.lock'),
    /** How each fold did on its validation cases, and all of them together. */
    summary: join(root, 'summary.json'),
    /** The metrics of every case outside the test part, segmented by the fold that was not trained on it. */
    outOfFold: join(root, 'out-of-fold.json'),
    outOfFoldPredictions: join(root, 'out-of-fold'),
    /** The metrics of the test cases, segmented by all folds together. */
    metrics: join(root, 'metrics.json'),
    predictions: join(root, 'predictions'),
    /** The run of a fold, counted from 1. */
    fold: (fold: number): RunFolder => runFolder(join(root, `fold_${fold}`)),
  };
}

/** The paths in the folder of a training with folds. */
export type FoldsFolder = ReturnType<typeof foldsFolder>;
