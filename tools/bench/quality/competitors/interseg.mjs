import { join } from 'node:path';

/**
 * InterSeg on its native engine. It reads and prepares the data while it trains, in the one process that is measured.
 *
 * @param {{ command: string, recipe?: string, planned: boolean, minutes: number, mirroring: boolean }} options
 *   `command` is a path for Node; `recipe` a file for `--config`; with `planned`, `interseg plan` first chooses what the
 *   recipe leaves open
 */
export function interseg({ command, recipe, planned, minutes, mirroring }) {
  const words = (name, ...more) => [process.execPath, command, name, '--engine', 'native', '--threads', '1', ...more];
  const given = recipe === undefined ? [] : ['--config', recipe];
  const planFile = (home) => join(home, 'plan.yaml');
  return {
    prepare: planned
      ? (data, home) => ({
          command: words(
            'plan',
            ...[data.training, ...given, '--split', data.split, '--seed', String(data.seed), '--workers', '0'],
            ...['--minutes', String(minutes), '--output', planFile(home)],
          ),
        })
      : undefined,
    train: (data, folder, epochs, home) => ({
      command: words(
        'train',
        ...(planned ? ['--config', planFile(home)] : given),
        '--no-planned',
        ...['--data', data.training, '--split', data.split, '--out', join(folder, 'run')],
        ...['--seed', String(data.seed), '--epochs', String(epochs), '--patience', '0', '--workers', '0'],
      ),
      progress: join(folder, 'run', 'history.csv'),
      header: 1,
    }),
    predict: (data, folder, masks) => ({
      command: words(
        'predict',
        ...['--model', join(folder, 'run', 'model'), '--input', data.testImages, '--output', masks],
        ...(mirroring ? ['--flips'] : []),
      ),
    }),
    /** The options that it trained with, but for those that the benchmark sets. */
    recipeFile: (home) => (planned ? planFile(home) : recipe),
  };
}
