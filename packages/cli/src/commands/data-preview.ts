import { writeFile } from 'node:fs/promises';
import { isWithoutEffect } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { writeAtomically } from '@interseg/files';
import { augmentationSettings, openData, optionsWhere, runOptionsSchema } from '@interseg/training';
import type { Command } from 'commander';
import { UsageError } from '../errors/usage-error.ts';
import { addRunFlags, readRunOptions } from '../options/run-options.ts';
import { collectPreview } from '../preview/collect-preview.ts';
import { drawPreview } from '../preview/draw-preview.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** What decides how slices look; other options of a run may stand in the file of `--config`. */
const fields = optionsWhere(runOptionsSchema, ({ changesLook }) => changesLook);

/** `interseg data preview` */
export function dataPreviewCommand(context: Context): Command {
  const command = createCommand('preview', [
    'data preview --data Task02_Heart --out grid.png',
    'data preview --data Task02_Heart --augmentation full --augment-rotation 45 --seed 3 --out grid.png',
    'data preview --config runs/heart/config.json --out grid.png',
  ]);
  command
    .requiredOption('--out <file>', 'picture to write (.png); left is on the left, front or head at the top')
    .option('--rows <n>', 'slices to draw, spread over the cases (default: 6)', wholeNumber('--rows'))
    .option(
      '--epochs <n>',
      'augmented copies or patches of each slice, as in the first epochs (default: 4)',
      wholeNumber('--epochs'),
    )
    .option(
      '--config <file>',
      'options from a .yaml or .json file, such as config.json of a run; flags take precedence',
    );
  addOutputOptions(addRunFlags(command, fields));
  return command.action(async (flags: { out: string; rows?: number; epochs?: number; json?: boolean }) => {
    const { out, rows = 6, epochs = 4, json } = flags;
    if (!/\.png$/i.test(out)) throw new UsageError(`--out: found '${out}', expected a name that ends in .png.`);
    const configuration = await readRunOptions(command);
    const { seed, augmentation } = configuration;
    const dataset = await openData(configuration);
    const isAugmented = !isWithoutEffect(augmentationSettings(configuration));
    const differs = isAugmented || configuration.resizing === 'patch';
    const preview = await collectPreview(dataset, configuration, { rows, epochs: differs ? epochs : 0 });
    if (preview.rows.length === 0) {
      throw new DataError(
        `${dataset.folder}: found no slice with contrast in a case with labels, expected at least one.`,
      );
    }
    const picture = drawPreview(preview).png();
    await writeAtomically(out, (temporary) => writeFile(temporary, picture));
    const document = { out, data: dataset.folder, seed, augmentation, slices: preview.slices };
    printResult(context, json, document, () => {
      const hint = isAugmented ? '' : ' (not augmented: --augmentation light or full)';
      return `${out}: ${preview.rows.length} slices${hint}\n`;
    });
  });
}

/** A parser of a flag whose value is a whole number above 0. */
function wholeNumber(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= 100) return value;
    throw new UsageError(`${flag}: found '${text}', expected a whole number from 1 to 100.`);
  };
}
