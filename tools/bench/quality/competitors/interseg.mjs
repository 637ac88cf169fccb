import { join } from 'node:path';

/**
 * InterSeg on its native engine, with the options of a recipe (a file for `--config`). It reads and prepares the data
 * while it trains, in the one process that is measured.
 *
 * @param {{ command: string, recipe?: string, mirroring: boolean }} options `command` is a path for Node
 */
export function interseg({ command, recipe, mirroring }) {
  const words = (name, ...more) => [process.execPath, command, name, '--engine', 'native', '--threads', '1', ...more];
  return {
    prepare: undefined,
    train: (data, folder, epochs) => ({
      command: words(
        'train',
        ...(recipe === undefined ? [] : ['--config', recipe]),
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
  };
}
