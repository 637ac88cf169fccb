import { writeFile } from 'node:fs/promises';
import { exists, writeAtomically } from '@interseg/files';
import { compileStep } from '@interseg/runtime';
import { openData, openSplit, plannedPrecision, planRun, runConfiguration, type Step } from '@interseg/training';
import type { Command } from 'commander';
import { UsageError } from '../errors/usage-error.ts';
import { startEngine } from '../execution/start-engine.ts';
import { checkSize } from '../options/check-names.ts';
import { addPlanLimits, type PlanLimits } from '../options/plan-limits.ts';
import { addRunFlagsWithoutData, readGivenRun } from '../options/run-options.ts';
import { fingerprintLines } from '../planning/fingerprint-lines.ts';
import { planFile, type PlanFormat } from '../planning/plan-file.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface PlanFlags extends PlanLimits {
  output?: string;
  force?: boolean;
  json?: boolean;
}

/** `interseg plan` */
export function planCommand(context: Context): Command {
  const command = createCommand('plan', [
    'plan Task09_Spleen',
    'plan Task09_Spleen --minutes 60 --output spleen.yaml',
    'train --config spleen.yaml --out runs/spleen',
  ]);
  command
    .argument('<folder>', 'data set: MSD, BraTS 2019, folders images and labels, or a layout of a plugin')
    .option('--output <file>', 'configuration to write, for --config of train and compare (.yaml, .yml or .jsonc)')
    .option('--force', 'write over an existing file')
    .option('--config <file>', 'options from a .yaml, .json or .jsonc file; flags take precedence');
  addOutputOptions(addRunFlagsWithoutData(addPlanLimits(command)));
  return command.action(async (folder: string, { memory, minutes, output, force, json }: PlanFlags) => {
    const format = output === undefined ? 'yaml' : formatOf(output);
    if (output !== undefined && !force && (await exists(output))) {
      throw new UsageError(`--output: found '${output}', expected the name of a new file (--force writes over it).`);
    }
    const { given } = await readGivenRun(command, folder);
    const known = runConfiguration.parse(given);
    const dataset = await openData(known);
    const split = await openSplit(known, dataset);
    // Only timed steps need an engine.
    const engine =
      minutes === undefined ? undefined : await startEngine(context, { ...known, precision: plannedPrecision(given) });
    const showsProgress = context.stderr.isTTY === true;
    try {
      const plan = await planRun(
        given,
        { dataset, split },
        {
          memory,
          minutes,
          compileStep: (step: Step) => compileStep(step),
          onStage: (message) => {
            if (showsProgress) context.stderr.write(`\r\u001b[2K${message}`);
          },
        },
      );
      if (showsProgress) context.stderr.write('\r\u001b[2K');
      checkSize(plan.configuration, '--size');
      const text = planFile(plan, { ...given }, format);
      if (output !== undefined) await writeAtomically(output, (temporary) => writeFile(temporary, text));
      const { fingerprint, options, configuration } = plan;
      printResult(context, json, { fingerprint, options, configuration, ...(output && { output }) }, () =>
        output === undefined ? text : `${fingerprintLines(fingerprint).join('\n')}\n\n${output}\n`,
      );
    } finally {
      engine?.release?.();
    }
  });
}

function formatOf(output: string): PlanFormat {
  if (/\.ya?ml$/i.test(output)) return 'yaml';
  if (/\.jsonc$/i.test(output)) return 'jsonc';
  throw new UsageError(`--output: found '${output}', expected a name that ends in .yaml, .yml or .jsonc.`);
}
