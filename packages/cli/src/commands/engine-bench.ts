import { loadavg } from 'node:os';
import { variants } from '@interseg/models';
import { engines } from '@interseg/runtime';
import type { Command } from 'commander';
import { z } from 'zod';
import { createContestant, type Contestant, type Times, type Way } from '../bench/benchmark-case.ts';
import { summarise, type Spread, type Summary } from '../bench/summary.ts';
import { UsageError } from '../errors/usage-error.ts';
import { checkValues } from '../options/check-values.ts';
import { optionsOf } from '../options/option-schema.ts';
import { addSchemaFlags, givenFlags } from '../options/schema-flags.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

const engineNames = ['native', 'webgpu', 'wasm', 'cpu'] as const;

const benchConfiguration = z.strictObject({
  variants: z.array(z.string().min(1)).min(1).default(['unet', 'twi-unet', 'unetpp']).describe('networks to time'),
  engines: z.array(z.enum(engineNames)).min(1).optional().describe('all that run here but cpu unless told'),
  size: z.int().min(4).default(128).describe('rows and columns of the image'),
  batch: z.int().min(1).default(8).describe('images per step'),
  filters: z.array(z.int().min(1)).min(2).default([16, 32, 64, 128, 256]).describe('channels of each level'),
  rounds: z.int().min(1).default(5).describe('how often each is timed'),
  threads: z.int().min(1).optional().describe('threads that compute; the number of cores unless told'),
});
const options = optionsOf(benchConfiguration);

interface Result extends Way, Summary {
  variant: string;
}

/** `interseg engine bench` */
export function engineBenchCommand(context: Context): Command {
  const command = createCommand(
    'bench',
    'Time a training step and an inference on the engines that run here, one round of each in turn.',
    ['engine bench', 'engine bench --variants unet --size 96 --batch 8 --filters 8,16,32,64,128 --json'],
  );
  addOutputOptions(addSchemaFlags(command, options));
  return command.action(async (flags: { json?: boolean }) => {
    const flagOf = (field: string): string => `--${options.find((one) => one.field === field)?.flag ?? field}`;
    const given = { values: givenFlags(command, options), nameOf: flagOf };
    const values = checkValues(benchConfiguration, options, given);
    const ways = await waysFor(values.engines);
    const known = variants().map(({ name }) => name);
    const unknown = values.variants.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new UsageError(`--variants: found '${unknown}', expected some of ${known.join(', ')}.`);
    }
    const load = { before: loadavg()[0] as number };
    const results: Result[] = [];
    for (const variant of values.variants) {
      const contestants: Contestant[] = [];
      for (const way of ways) {
        note(context, `${variant} on ${nameOf(way)}`);
        contestants.push(await createContestant({ ...values, variant }, way));
      }
      const times = await race(contestants, values.rounds);
      times.forEach((list, k) => {
        const { engine, replayed } = contestants[k] as Contestant;
        results.push({ variant, engine, replayed, ...summarise(list, times[0] as Times[]) });
      });
      for (const contestant of contestants) await contestant.dispose();
    }
    const document = { ...values, load: { ...load, after: loadavg()[0] as number }, results };
    printResult(context, flags.json, document, () => textOf(results, document.load));
  });
}

/** Each comes first in turn: threads of the one before may still be busy. */
async function race(contestants: readonly Contestant[], rounds: number): Promise<Times[][]> {
  const times: Times[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < contestants.length; k++) {
      const index = (k + round) % contestants.length;
      (times[index] as Times[]).push(await (contestants[index] as Contestant).time());
    }
  }
  return times;
}

/** @throws UsageError when an engine that was asked for cannot run here */
async function waysFor(names: readonly (typeof engineNames)[number][] | undefined): Promise<Way[]> {
  const all = await engines();
  const chosen = all.filter(({ name, available, byNameOnly }) =>
    names === undefined ? available && byNameOnly === undefined && name !== 'cpu' : names.includes(name),
  );
  const lacking = chosen.find(({ available }) => !available);
  if (lacking !== undefined) throw new UsageError(lacking.reason as string);
  return chosen.flatMap(({ name: engine }): Way[] =>
    engine === 'native'
      ? [
          { engine, replayed: true },
          { engine, replayed: false },
        ]
      : [{ engine, replayed: false }],
  );
}

function nameOf({ engine, replayed }: Way): string {
  if (engine !== 'native') return engine;
  return replayed ? 'native, replayed as one graph' : 'native, operation by operation';
}

function textOf(results: readonly Result[], load: { before: number; after: number }): string {
  const text = ({ median, quartiles: [low, high] }: Spread, digits: number): string =>
    `${median.toFixed(digits)} [${low.toFixed(digits)}–${high.toFixed(digits)}]`;
  const rows = results.map(({ variant, step, inference, ratio, ...way }) => [
    variant,
    nameOf(way),
    text(step, 0),
    text(ratio.step, 2),
    text(inference, 0),
    text(ratio.inference, 2),
  ]);
  const columns = ['variant', 'engine', 'step, ms', '× first', 'inference, ms', '× first'].map((heading) => ({
    heading,
  }));
  const loads = `load ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after`;
  return `${textTable(columns, rows)}\nmedian [quartiles]; ratios are taken within a round; ${loads}: more than the threads that compute makes times unsure\n`;
}
