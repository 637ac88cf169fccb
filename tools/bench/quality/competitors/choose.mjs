import { basename } from 'node:path';
import { interseg } from './interseg.mjs';
import { pythonCompetitor } from './python.mjs';

/**
 * The competitors by their names; InterSeg once for each recipe, as `interseg@<name of the file>`, and with its own plan
 * as `interseg@plan`, or `interseg@plan+<name of the file>` where a recipe is given, too.
 *
 * @param {{ competitors: string[], recipes: { file?: string, planned: boolean }[], python: string, minutes: number,
 *   mirroring: boolean, batch: number }} options
 * @param {string} command of InterSeg
 */
export function chooseCompetitors({ competitors, recipes, python, minutes, mirroring, batch }, command) {
  return competitors.flatMap((name) => {
    if (name !== 'interseg') {
      const competitor = pythonCompetitor(python, `${name}_peer.py`, { mirroring, batch });
      // MONAI reads and prepares the data while it trains, as InterSeg does.
      return [{ name, competitor: name === 'monai' ? { ...competitor, prepare: undefined } : competitor }];
    }
    const settings = { command, minutes, mirroring };
    if (recipes.length === 0) return [{ name, competitor: interseg({ ...settings, planned: false }) }];
    return recipes.map(({ file, planned }) => {
      const words = [planned ? 'plan' : [], file === undefined ? [] : basename(file).replace(/\.[^.]+$/, '')].flat();
      return { name: `${name}@${words.join('+')}`, competitor: interseg({ ...settings, recipe: file, planned }) };
    });
  });
}
