import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes the phantoms of a study, unless they are there: those of its first kind of patients, to which the others are
 * appended, and the split file if the study says which patients are for what.
 *
 * @param folder of the data set. It has another name until it is complete
 * @param data what `data.json` says, without its source
 * @param interseg runs a command line of `interseg`
 * @returns the options of `interseg compare` that name the data
 */
export async function makePhantoms(folder, data, interseg) {
  const split = join(folder, 'split.json');
  if (!existsSync(join(folder, 'dataset.json'))) {
    const making = `${folder}.making`;
    rmSync(making, { recursive: true, force: true });
    for (const words of phantomCommands(data)) await interseg(['data', 'phantom', '--out', making, ...words]);
    if (data.split) writeFileSync(join(making, 'split.json'), `${JSON.stringify(splitOf(data.split), null, 2)}\n`);
    renameSync(making, folder);
  }
  return ['--data', folder, ...(data.split ? ['--split', split] : [])];
}

/** The flags of `interseg data phantom` for each kind of patients, which has all that the kinds have in common. */
export function phantomCommands({ kinds = [{}], split: _, ...common }) {
  return kinds.map((kind, index) => [...flagsOf({ ...common, ...kind }), ...(index > 0 ? ['--append'] : [])]);
}

/** The split file for the numbers of the first and the last patient of each part; phantoms without labels are in none. */
export function splitOf(parts) {
  return Object.fromEntries(
    Object.entries(parts).map(([part, [first, last]]) => [
      part,
      Array.from({ length: last - first + 1 }, (_, index) => `phantom_${String(first + index).padStart(3, '0')}`),
    ]),
  );
}

/** Options as flags of a command: `{ learningRate: 0.1 }` → `--learning-rate 0.1`. */
export function flagsOf(options) {
  return Object.entries(options).flatMap(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
}
