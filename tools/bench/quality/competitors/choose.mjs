import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { interseg } from './interseg.mjs';
import { pythonCompetitor } from './python.mjs';

/**
 * The competitors by their names; InterSeg once for each recipe, as `interseg@<name of the file>`.
 *
 * @param {{ competitors: string[], recipes: string[], python: string, mirroring: boolean, batch: number }} options
 * @param {string} command of InterSeg
 */
export function chooseCompetitors({ competitors, recipes, python, mirroring, batch }, command) {
  return competitors.flatMap((name) => {
    if (name !== 'interseg') {
      const competitor = pythonCompetitor(python, `${name}_peer.py`, { mirroring, batch });
      // MONAI reads and prepares the data while it trains, as InterSeg does.
      return [{ name, competitor: name === 'monai' ? { ...competitor, prepare: undefined } : competitor }];
    }
    if (recipes.length === 0) return [{ name, competitor: interseg({ command, mirroring }) }];
    return recipes.map((recipe) => ({
      name: `${name}@${basename(recipe).replace(/\.[^.]+$/, '')}`,
      recipe: readFileSync(recipe, 'utf8'),
      competitor: interseg({ command, recipe, mirroring }),
    }));
  });
}
