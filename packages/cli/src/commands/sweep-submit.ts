import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileError } from '@interseg/files';
import { comparisonFolder, readPlan, sweepEngines, type SubmitOptions, type SweepEngine } from '@interseg/experiments';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { quoteArgument } from '../environment/environment.ts';
import { UsageError } from '../errors/usage-error.ts';
import { parseNumber, parseWholeNumber } from '../options/parse-number.ts';
import { printSubmission } from '../sweep/print-submission.ts';
import { sendSweep, type EngineSettings } from '../sweep/send-sweep.ts';
import type { Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** What the flags of `sweep submit` hold. */
interface SubmitFlags extends EngineSettings {
  json?: boolean;
  parallel?: number;
  attempts: number;
  flag: { name: string; value: string }[];
  prologue?: string;
  command?: string;
  runFlags?: string;
}

const parseCount = parseWholeNumber(1);

/** Which flags are for some engines only. */
const onlyFor: Partial<Record<keyof SubmitFlags, readonly SweepEngine[]>> = {
  warning: ['slurm'],
  image: ['kubernetes'],
  mount: ['kubernetes'],
  address: ['ray'],
  wait: ['ray'],
};

/** `interseg sweep submit` */
export function sweepSubmitCommand(context: Context): Command {
  const command = createCommand('submit', [
    'sweep submit sweeps/spleen --on slurm --flag partition=gpu --flag gres=gpu:1 --flag time=4:00:00',
    'sweep submit sweeps/spleen --on slurm --parallel 8 --prologue modules.sh --print',
    'sweep submit sweeps/spleen --on kubernetes --image registry/interseg --mount interseg:/sweeps > job.json',
    'sweep submit sweeps/spleen --on ray --address http://head:8265 --flag gpus=1 --wait',
    'sweep submit sweeps/spleen --on local --parallel 2',
  ]);
  command
    .argument('<folder>', "folder of a sweep that 'interseg sweep plan' has written")
    .addOption(new Option('--on <engine>', 'what starts the runs').choices([...sweepEngines]).makeOptionMandatory())
    .option('--print', 'print what would be sent, and send nothing; always so for Kubernetes')
    .option('--parallel <number>', 'at most so many runs at the same time (local: 1 by default)', parseCount)
    .option('--attempts <number>', 'how often a run that fails may be started in all', parseCount, 3)
    .option(
      '--flag <name=value>',
      'passed on to the scheduler, may be repeated. Slurm: an option of sbatch, as partition=gpu; Kubernetes: a resource, as memory=8Gi or nvidia.com/gpu=1; Ray: cpus, gpus, memory or a resource',
      collect(parseFlag),
      [],
    )
    .option('--prologue <file>', 'lines for a shell before each run, such as: module load nodejs')
    .option(
      '--command <words>',
      'what starts interseg on a node, for a shell, such as: apptainer exec --nv interseg.sif interseg (default: this Node and this program; Kubernetes: interseg)',
    )
    .option(
      '--run-flags <words>',
      'flags of \'interseg sweep run\' on the node, for a shell, such as: --threads 4 --cache "$TMPDIR/interseg"',
    )
    .option(
      '--warning <seconds>',
      'Slurm: how long before the time limit a run saves and is queued again',
      parseNumber(
        (value) => Number.isInteger(value) && value >= 1 && value <= 65_535,
        'a whole number from 1 to 65535',
      ),
      60,
    )
    .option('--image <name>', 'Kubernetes: image of a container with interseg')
    .option(
      '--mount <claim:path>',
      'Kubernetes: a volume claim and the path at which the sweep and its data are, may be repeated',
      collect(parseMount),
      [],
    )
    .option(
      '--address <url>',
      "Ray: the head node's dashboard (default: RAY_API_SERVER_ADDRESS or http://127.0.0.1:8265)",
    )
    .option('--wait', 'Ray: stay until all runs have ended, and send those again that were lost');
  addOutputOptions(command);
  return command.action(async (folder: string, flags: SubmitFlags) => {
    checkFlags(command, flags);
    const files = comparisonFolder(resolve(folder));
    const sweep = { folder: files, ...(await readPlan(files)) };
    const result = await sendSweep(context, sweep, await optionsOf(files.root, flags), flags);
    if (result) printSubmission(context, flags.json, result);
  });
}

function checkFlags(command: Command, { on, image, parallel, wait, print }: SubmitFlags): void {
  for (const [name, engines] of Object.entries(onlyFor)) {
    const isGiven = command.getOptionValueSource(name) === 'cli';
    if (isGiven && !engines.includes(on)) {
      throw new UsageError(`--${name}: found with --on ${on}, expected it with --on ${engines.join(' or ')} only.`);
    }
  }
  if (on === 'kubernetes' && !image) {
    throw new UsageError('--image: found none, expected the image of a container with interseg for --on kubernetes.');
  }
  if (on === 'ray' && parallel !== undefined && !wait && !print) {
    throw new UsageError('--parallel: found without --wait, expected both for --on ray: Ray itself has no such limit.');
  }
}

async function optionsOf(folder: string, flags: SubmitFlags): Promise<SubmitOptions> {
  const { on, prologue, parallel, attempts, flag } = flags;
  const command = flags.command ?? (on === 'kubernetes' ? 'interseg' : thisProgram());
  const more = flags.runFlags ? ` ${flags.runFlags.trim()}` : '';
  return {
    command: `${command} sweep run ${quoteArgument(folder)}${more} --index`,
    prologue: prologue === undefined ? undefined : await readPrologue(prologue),
    parallel,
    attempts,
    flags: flag,
  };
}

/** This Node with this program, for a shell. */
function thisProgram(): string {
  const words = [process.execPath, ...process.execArgv, resolve(process.argv[1]!)];
  return words.map(quoteArgument).join(' ');
}

async function readPrologue(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(path, error, 'a file with lines for a shell');
  });
}

function collect<T>(parse: (text: string) => T): (text: string, before: readonly T[]) => T[] {
  return (text, before) => [...before, parse(text)];
}

/** `partition=gpu`; also as sbatch writes it, `--partition=gpu`. */
function parseFlag(text: string): { name: string; value: string } {
  const found = /^(?:--)?([\w./-]+)(?:=([^\n]*))?$/.exec(text.trim());
  if (!found) throw new InvalidArgumentError('Expected NAME=VALUE, such as partition=gpu.');
  return { name: found[1]!, value: found[2] ?? '' };
}

function parseMount(text: string): { claim: string; path: string } {
  const found = /^([a-z0-9][a-z0-9.-]*):(\/.*)$/.exec(text);
  if (!found) throw new InvalidArgumentError('Expected CLAIM:PATH with an absolute path, such as interseg:/sweeps.');
  return { claim: found[1]!, path: found[2]! };
}
