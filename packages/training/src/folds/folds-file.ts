import type { Split } from '@interseg/data';
import { DataError, OptionError } from '@interseg/errors';
import { readJsonObject } from '@interseg/files';
import { z } from 'zod';
import { optionFacts } from '../configuration/option.ts';
import { runConfiguration, runOptionsSchema, type RunConfiguration } from '../configuration/run-configuration.ts';
import type { FoldsFolder } from './folds-folder.ts';

/** `folds.json`, written before the first fold. */
export interface FoldsFile {
  folds: number;
  configuration: RunConfiguration;
  /** By fold; written down so that cases that come later change nothing. */
  splits: Split[];
}

const ids = z.array(z.string());
const schema = z.object({
  folds: z.int().min(2),
  configuration: runConfiguration,
  splits: z.array(z.object({ train: ids, validation: ids, test: ids })),
});

/** Reads `folds.json`. @throws DataError when it is missing or damaged */
export async function readFolds({ folds }: FoldsFolder): Promise<FoldsFile> {
  const expected = 'the folds of a training';
  const parsed = schema.safeParse(await readJsonObject(folds, expected));
  if (parsed.success && parsed.data.splits.length === parsed.data.folds) return parsed.data;
  const [issue] = parsed.error?.issues ?? [];
  throw new DataError(
    `${folds}: expected ${expected}, found otherwise in ${issue?.path.join('.') || 'splits'} (${issue?.message ?? 'not one for each fold'}).`,
  );
}

/**
 * Checks that folds that are there are those that are asked for.
 *
 * @param asked what was given; what is left out is as it is there
 * @throws OptionError naming the first option that differs
 */
export function checkSameFolds(
  before: FoldsFile,
  { folds, asked }: { folds: number; asked: Partial<RunConfiguration> },
  { root }: FoldsFolder,
): void {
  const refuse = (option: string, found: unknown, expected: unknown): never => {
    throw new OptionError(
      `${root}: the option ${option} is ${String(found)}, but the folds there have ${String(expected)}: repeat that, or choose another folder.`,
    );
  };
  if (folds !== before.folds) refuse('folds', folds, before.folds);
  for (const name of Object.keys(asked) as (keyof RunConfiguration)[]) {
    const { changesResult, resumable } = optionFacts(runOptionsSchema.shape[name]);
    if (!changesResult || resumable) continue;
    if (JSON.stringify(asked[name]) === JSON.stringify(before.configuration[name])) continue;
    refuse(name, asked[name], before.configuration[name]);
  }
}
