import { collect, describeRun, readSweep, type MissingRun } from '@interseg/experiments';
import type { Command } from 'commander';
import { finishComparison } from '../comparison-report/finish-comparison.ts';
import { exitStatus } from '../errors/exit-status.ts';
import { loadSweepPlugins } from '../options/sweep-plugins.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { counted } from '../terminal/numbers.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** More missing runs than these are only counted. */
const mostNamed = 20;

/** `interseg sweep collect` */
export function sweepCollectCommand(context: Context): Command {
  const command = createCommand('collect', ['sweep collect sweeps/spleen', 'sweep collect sweeps/spleen --partial']);
  command
    .argument('<sweep>', 'sweep folder')
    .option('--partial', 'write what there is, also where runs are missing or have failed');
  addOutputOptions(command);
  return command.action(async (out: string, { partial, json }: { partial?: boolean; json?: boolean }) => {
    await loadSweepPlugins(out);
    const { comparison, missing } = await collect(await readSweep(out), { partial });
    tellMissing(context, missing);
    if (comparison) {
      await finishComparison(context, comparison, { out, json });
      if (partial) context.status = exitStatus.done;
      return;
    }
    context.status = exitStatus.failed;
    printResult(context, json, { comparison: out, stopped: 'missing runs', missing }, () => '');
  });
}

function tellMissing(context: Context, missing: readonly MissingRun[]): void {
  if (missing.length === 0) return;
  note(context, `${counted(missing.length, 'run')} missing:`);
  for (const run of missing.slice(0, mostNamed)) note(context, `  ${run.index}  ${describeRun(run)}: ${run.reason}`);
  const more = missing.length - mostNamed;
  if (more > 0) note(context, `  and ${more} more, which --json lists`);
}
