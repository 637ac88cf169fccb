import { openDataset, splitCases, writeSplit, type Split } from '@interseg/data';
import { loadPlugins, objectSizes, runOptionsSchema } from '@interseg/training';
import type { Command } from 'commander';
import { z } from 'zod';
import { UsageError } from '../errors/usage-error.ts';
import { describeOptions } from '../options/option-schema.ts';
import { readFlags } from '../options/read-options.ts';
import { addSchemaFlags } from '../options/schema-flags.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { decimals } from '../terminal/numbers.ts';
import { textTable, type Column } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

const { data, fractions, seed, plugins } = runOptionsSchema.shape;

/** The options of a split. Those shared with a run have the same defaults, so that both draw the same split. */
const splitConfiguration = z.strictObject({
  data,
  fractions,
  folds: z
    .int()
    .min(2)
    .optional()
    .describe('number of cross-validation folds; each patient is in the test part of exactly one'),
  fold: z.int().min(0).optional().describe('write only this fold, counted from 0 (default: all folds, one file each)'),
  stratify: z.enum(['size']).optional().describe('size: balance small and large objects across the parts'),
  seed: seed.describe('seed of the random division'),
  plugins,
});

const options = describeOptions(splitConfiguration);

/** One file that was written. */
interface WrittenSplit {
  file: string;
  split: Split;
}

/** `interseg data split` */
export function dataSplitCommand(context: Context): Command {
  const command = createCommand('split', [
    'data split --data Task09_Spleen --out split.json',
    'data split --data Task09_Spleen --out split.json --fractions 0.8,0.1,0.1 --stratify size',
    'data split --data Task09_Spleen --out split.json --folds 5',
  ]);
  command.requiredOption('--out <file>', 'split to write (.json); with --folds, NAME-fold0.json and so on');
  addOutputOptions(addSchemaFlags(command, options));
  return command.action(async ({ out, json }: { out: string; json?: boolean }) => {
    if (!/\.json$/i.test(out)) throw new UsageError(`--out: found '${out}', expected a name that ends in .json.`);
    const { plugins: named, ...settings } = readFlags(command, splitConfiguration, options);
    await loadPlugins(named);
    const dataset = await openDataset(settings.data);
    const sizes = settings.stratify && (await measureObjects(context, dataset));
    const files: WrittenSplit[] = [];
    for (const { file, fold } of plannedFiles(out, settings)) {
      const { folds, fractions: parts, seed: chosen } = settings;
      const split = splitCases(dataset.cases, { fractions: parts, folds, fold, seed: chosen, sizes });
      files.push({ file, split });
    }
    // Draw all splits before writing the first, so that an error leaves no file behind.
    for (const { file, split } of files) await writeSplit(file, split);
    printSplits(context, json, { ...settings, files, sizes });
  });
}

function plannedFiles(
  out: string,
  { folds, fold }: { folds?: number; fold?: number },
): { file: string; fold?: number }[] {
  if (folds === undefined || fold !== undefined) return [{ file: out, fold }];
  return Array.from({ length: folds }, (_, index) => ({
    file: out.replace(/(\.json)$/i, `-fold${index}$1`),
    fold: index,
  }));
}

async function measureObjects(
  context: Context,
  dataset: Parameters<typeof objectSizes>[0],
): Promise<Map<string, number>> {
  note(context, `reading ${dataset.cases.length} label maps`);
  return objectSizes(dataset);
}

function printSplits(
  context: Context,
  json: boolean | undefined,
  {
    files,
    sizes,
    ...settings
  }: Omit<z.output<typeof splitConfiguration>, 'plugins'> & {
    files: readonly WrittenSplit[];
    sizes?: ReadonlyMap<string, number>;
  },
): void {
  const parts = ['train', 'validation', 'test'] as const;
  const meanSize = (ids: readonly string[]): number | undefined =>
    sizes && ids.length > 0 ? ids.reduce((sum, id) => sum + sizes.get(id)!, 0) / ids.length : undefined;
  const splits = files.map(({ file, split }) => ({
    file,
    ...Object.fromEntries(parts.map((part) => [part, split[part].length])),
    ...(sizes && { meanObjectVolume: Object.fromEntries(parts.map((part) => [part, meanSize(split[part]) ?? null])) }),
  }));
  printResult(context, json, { ...settings, splits }, () => {
    const columns: Column[] = [
      { heading: 'file' },
      ...parts.map((part) => ({ heading: part, numeric: true })),
      ...(sizes ? parts.map((part) => ({ heading: `${part} ml`, numeric: true })) : []),
    ];
    const rows = files.map(({ file, split }) => [
      file,
      ...parts.map((part) => String(split[part].length)),
      ...(sizes ? parts.map((part) => millilitres(meanSize(split[part]))) : []),
    ]);
    return `${textTable(columns, rows)}${sizes ? '\nml: mean volume of an object, averaged over the cases.\n' : ''}`;
  });
}

function millilitres(volume: number | undefined): string {
  return decimals(volume === undefined ? undefined : volume / 1000, 2);
}
