import { join } from 'node:path';
import { runFolder, type RunFolder } from '@interseg/training';
import type { PlannedRun } from './sweep-configuration.ts';

/** The files of a comparison or a sweep, by the names that the command line promises. */
export function comparisonFolder(root: string) {
  const runName = ({ variant, seed, fold }: PlannedRun): string =>
    `${variant.replaceAll('/', '_')}-seed${seed}${fold === undefined ? '' : `-fold${fold}`}`;
  const ofRun = (run: PlannedRun, name: string): string => join(root, 'runs', runName(run), name);
  // A folder of a run has many paths, and thousands of runs are asked for theirs again and again.
  const folders = new Map<string, RunFolder>();
  const folderOf = (name: string): RunFolder => {
    const known = folders.get(name) ?? runFolder(join(root, 'runs', name));
    folders.set(name, known);
    return known;
  };
  return {
    root,
    configuration: join(root, 'config.json'),
    split: join(root, 'split.json'),
    /** The manifest: all runs with their indices; what is added to a comparison comes last. */
    runs: join(root, 'runs.json'),
    /** Held while the files above are written. */
    lock: join(root, 'comparison.lock'),
    comparison: join(root, 'comparison.json'),
    figure: join(root, 'figure.png'),
    report: join(root, 'report.html'),
    /** Holds the folders of the runs. */
    runsFolder: join(root, 'runs'),
    /** The name of a run in the folder `runs`. */
    runName,
    /** The folder of a run. */
    run: (run: PlannedRun): RunFolder => folderOf(runName(run)),
    /** The split of a run: that of all, or of its fold. */
    splitOf: ({ fold }: Pick<PlannedRun, 'fold'>): string =>
      fold === undefined ? join(root, 'split.json') : join(root, 'splits', `fold${fold}.json`),
    /** Kept beside a run's own files. */
    measurements: (run: PlannedRun): string => ofRun(run, 'measurements.json'),
    /** Why the last attempt at a run failed; only where it did. */
    failure: (run: PlannedRun): string => ofRun(run, 'failure.json'),
  };
}

/** The paths in the folder of a comparison or a sweep. */
export type ComparisonFolder = ReturnType<typeof comparisonFolder>;
