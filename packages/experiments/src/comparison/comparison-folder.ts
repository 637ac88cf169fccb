import { join } from 'node:path';
import { runFolder, type RunFolder } from '@interseg/training';
import type { PlannedRun } from './comparison-configuration.ts';

/** The files of a comparison, by the names that the command line promises. */
export function comparisonFolder(root: string) {
  const runName = ({ variant, seed }: PlannedRun): string => `${variant.replaceAll('/', '_')}-seed${seed}`;
  return {
    root,
    configuration: join(root, 'config.json'),
    split: join(root, 'split.json'),
    /** All runs in their order; what is added to a comparison comes last. */
    runs: join(root, 'runs.json'),
    /** Held while the files above are written. */
    lock: join(root, 'comparison.lock'),
    comparison: join(root, 'comparison.json'),
    figure: join(root, 'figure.png'),
    report: join(root, 'report.html'),
    /** The name of a run in the folder `runs`. */
    runName,
    /** The folder of a run. */
    run: (run: PlannedRun): RunFolder => runFolder(join(root, 'runs', runName(run))),
    /** Kept beside a run's own files. */
    measurements: (run: PlannedRun): string => join(root, 'runs', runName(run), 'measurements.json'),
  };
}

/** The paths in the folder of a comparison. */
export type ComparisonFolder = ReturnType<typeof comparisonFolder>;
