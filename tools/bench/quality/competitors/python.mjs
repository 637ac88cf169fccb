import { join } from 'node:path';
import { peer } from '../measured.mjs';

/**
 * A competitor in Python: a program with the steps `prepare` (not counted, as it is done once for a data set), `train` and
 * `predict`, which take one JSON argument.
 *
 * @param {string} python
 * @param {string} file its program in `peers/`
 * @param {Readonly<Record<string, unknown>>} settings what all steps know
 */
export function pythonCompetitor(python, file, settings) {
  const command = (step, data, folder, more = {}) => [
    python,
    peer(file),
    step,
    JSON.stringify({ data, folder, ...settings, ...more }),
  ];
  return {
    prepare: (data, folder) => ({ command: command('prepare', data, folder) }),
    train: (data, folder, epochs) => {
      const progress = join(folder, 'epochs.txt');
      return { command: command('train', data, folder, { epochs, progress }), progress };
    },
    predict: (data, folder, masks) => ({ command: command('predict', data, folder, { masks }) }),
  };
}
