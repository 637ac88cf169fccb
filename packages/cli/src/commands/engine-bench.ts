import { loadavg } from 'node:os';
import { variants } from '@interseg/models';
import { engines, type EngineName } from '@interseg/runtime';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  createBenchmarkCase,
  type BenchmarkCase,
  type ExecutionMode,
  type StepTimes,
} from '../bench/benchmark-case.ts';
import { summarize, type Spread, type Summary } from '../bench/summary.ts';
import { UsageError } from '../errors/usage-error.ts';
import { describeOptions } from '../options/option-schema.ts';
import { readFlags } from '../options/read-options.ts';
import { addSchemaFlags } from '../options/schema-flags.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

const engineNames = ['native', 'webgpu', 'wasm', 'cpu'] as const;

const benchConfiguration = z.strictObject({
  variants: z.array(z.string().min(1)).min(1).default(['unet', 'twi-unet', 'unetpp']).describe('networks to time'),
  engines: z
    .array(z.enum(engineNames))
    .min(1)
    .optional()
    .describe('engines to time (default: all that run here except cpu)'),
  size: z.int().min(4).default(128).describe('height and width of the image'),
  batch: z.int().min(1).default(8).describe('images per step'),
  filters: z.array(z.int().min(1)).min(2).default([16, 32, 64, 128, 256]).describe('channels per level, finest first'),
  rounds: z.int().min(1).default(5).describe('how often each network is timed on each engine'),
  threads: z.int().min(1).optional().describe('threads of the engine (default: number of cores)'),
});
const options = describeOptions(benchConfiguration);

interface Result extends ExecutionMode, Summary {
  variant: string;
}

/** `interseg engine bench` */
export function engineBenchCommand(context: Context): Command {
  const command = createCommand('bench', [
    'engine bench',
    'engine bench --variants unet --size 96 --batch 8 --filters 8,16,32,64,128 --json',
  ]);
  addOutputOptions(addSchemaFlags(command, options));
  return command.action(async (flags: { json?: boolean }) => {
    const values = readFlags(command, benchConfiguration, options);
    const modes = await chooseModes(values.engines);
    const known = variants().map(({ name }) => name);
    const unknown = values.variants.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new UsageError(`--variants: found '${unknown}', expected some of ${known.join(', ')}.`);
    }
    const load = { before: loadavg()[0]! };
    const results: Result[] = [];
    for (const variant of values.variants) {
      const cases: BenchmarkCase[] = [];
      for (const mode of modes) {
        note(context, `${variant} on ${describeMode(mode)}`);
        cases.push(await createBenchmarkCase({ ...values, variant }, mode));
      }
      const times = await timeInTurn(cases, values.rounds);
      times.forEach((list, k) => {
        const { engine, replayed } = cases[k]!;
        results.push({ variant, engine, replayed, ...summarize(list, times[0]!) });
      });
      for (const one of cases) await one.dispose();
    }
    const document = { ...values, load: { ...load, after: loadavg()[0]! }, results };
    printResult(context, flags.json, document, () => formatResults(results, document.load));
  });
}

/** Times all cases round by round. Each goes first in turn, as the threads of the case before it may still be busy. */
async function timeInTurn(cases: readonly BenchmarkCase[], rounds: number): Promise<StepTimes[][]> {
  const times: StepTimes[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < cases.length; k++) {
      const index = (k + round) % cases.length;
      times[index]!.push(await cases[index]!.time());
    }
  }
  return times;
}

/** The requested engines, or all that run here. @throws UsageError when a requested engine cannot run here */
async function chooseModes(names: readonly (typeof engineNames)[number][] | undefined): Promise<ExecutionMode[]> {
  const all = await engines();
  const chosen = all.filter(({ name, available, byNameOnly }) =>
    names === undefined ? available && byNameOnly === undefined && name !== 'cpu' : names.includes(name),
  );
  const lacking = chosen.find(({ available }) => !available);
  if (lacking !== undefined) throw new UsageError(lacking.reason!);
  return chosen.flatMap(({ name: engine }): ExecutionMode[] =>
    isReplaying(engine)
      ? [
          { engine, replayed: true },
          { engine, replayed: false },
        ]
      : [{ engine, replayed: false }],
  );
}

/** Whether an engine replays steps. */
function isReplaying(engine: EngineName): boolean {
  return engine === 'native' || engine === 'webgpu';
}

function describeMode({ engine, replayed }: ExecutionMode): string {
  if (!isReplaying(engine)) return engine;
  if (!replayed) return `${engine}, operation by operation`;
  return engine === 'native' ? 'native, replayed as one graph' : 'webgpu, replayed';
}

function formatResults(results: readonly Result[], load: { before: number; after: number }): string {
  const text = ({ median, quartiles: [low, high] }: Spread, digits: number): string =>
    `${median.toFixed(digits)} [${low.toFixed(digits)}–${high.toFixed(digits)}]`;
  const rows = results.map(({ variant, step, inference, ratio, ...mode }) => [
    variant,
    describeMode(mode),
    text(step, 0),
    text(ratio.step, 2),
    text(inference, 0),
    text(ratio.inference, 2),
  ]);
  const columns = ['variant', 'engine', 'step, ms', '× first', 'inference, ms', '× first'].map((heading) => ({
    heading,
  }));
  const loads = `${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after`;
  return `${textTable(columns, rows)}\nMedian [quartiles]; ratios to the first engine are taken within each round. Load ${loads}: times are unreliable if it exceeds the number of threads.\n`;
}
