import { join } from 'node:path';

/** The files of a run, by the names that the command line promises. */
export function runFolder(root: string) {
  return {
    root,
    configuration: join(root, 'config.json'),
    split: join(root, 'split.json'),
    /** What the configuration was planned from, and why; only where it was planned. */
    plan: join(root, 'plan.json'),
    /** Held by the process that works on the run. */
    lock: join(root, 'run.lock'),
    environment: join(root, 'environment.json'),
    history: join(root, 'history.csv'),
    /** How large the matched features are, epoch by epoch; for variants with a mask path. */
    features: join(root, 'features.csv'),
    /** Batches whose loss was not finite and which were passed over; only where there are any. */
    skipped: join(root, 'skipped.csv'),
    /** Somebody puts a file there to end training after the step in progress. */
    stop: join(root, 'stop'),
    /** What happened and when, a line each. */
    log: join(root, 'log.txt'),
    /** A folder of event files for TensorBoard. */
    tensorBoard: join(root, 'tensorboard'),
    metrics: join(root, 'metrics.json'),
    /** What was chosen on the validation cases, and what it brought; only where it was to be chosen. */
    postProcessing: join(root, 'post-processing.json'),
    report: join(root, 'report.html'),
    last: join(root, 'checkpoint', 'last'),
    best: join(root, 'checkpoint', 'best'),
    model: join(root, 'model'),
    /** The network after it has learned to reconstruct, as a model to take weights from; only where it does. */
    pretrained: join(root, 'pretrained'),
    /** Label maps of the test cases on their own grids, `<case>.nii.gz`. */
    predictions: join(root, 'predictions'),
  };
}

/** The paths in the folder of a run. */
export type RunFolder = ReturnType<typeof runFolder>;
