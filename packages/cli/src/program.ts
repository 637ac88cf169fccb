import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { compareCommand } from './commands/compare.ts';
import { dataInspectCommand } from './commands/data-inspect.ts';
import { dataPhantomCommand } from './commands/data-phantom.ts';
import { dataPreviewCommand } from './commands/data-preview.ts';
import { dataSplitCommand } from './commands/data-split.ts';
import { doctorCommand } from './commands/doctor.ts';
import { engineBenchCommand } from './commands/engine-bench.ts';
import { engineCheckCommand } from './commands/engine-check.ts';
import { engineInstallCommand } from './commands/engine-install.ts';
import { engineListCommand } from './commands/engine-list.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { planCommand } from './commands/plan.ts';
import { predictCommand } from './commands/predict.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { sweepCollectCommand } from './commands/sweep-collect.ts';
import { sweepPlanCommand } from './commands/sweep-plan.ts';
import { sweepRunCommand } from './commands/sweep-run.ts';
import { sweepSubmitCommand } from './commands/sweep-submit.ts';
import { sweepStatusCommand } from './commands/sweep-status.ts';
import { trainCommand } from './commands/train.ts';
import { variantsCommand } from './commands/variants.ts';
import { viewCommand } from './commands/view.ts';
import type { Context } from './terminal/context.ts';

const examples = `
Examples:
  $ interseg data phantom --out phantoms --patients 10
  $ interseg train --data phantoms --variant twi-unet --out runs/first
  $ interseg predict --model runs/first/model --input image.nii.gz --output mask.nii.gz

Exit status: 0 success, 1 failure, 2 bad usage or bad input, 76 another process took the run
over, 130 interrupted (143 by SIGTERM).
Run 'interseg help <command>' for the options of a command.`;

/** Creates the command line with all its commands. */
export function createProgram(context: Context): Command {
  const program = new Command('interseg')
    .description('Train, apply and evaluate segmentation networks for medical images.')
    .version(`interseg ${manifest.version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .commandsGroup('Help:')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', examples);
  const training = 'Training:';
  const application = 'Segmentation and evaluation:';
  const resources = 'Data, networks and engines:';
  program.addCommand(planCommand(context).helpGroup(training));
  program.addCommand(trainCommand(context).helpGroup(training));
  program.addCommand(resumeCommand(context).helpGroup(training));
  program.addCommand(compareCommand(context).helpGroup(training));
  program.addCommand(
    groupCommand('sweep', 'Plan many runs, do them one by one on any machine, and collect them.', [
      sweepPlanCommand(context),
      sweepRunCommand(context),
      sweepSubmitCommand(context),
      sweepStatusCommand(context),
      sweepCollectCommand(context),
    ]).helpGroup(training),
  );
  program.addCommand(reportCommand(context).helpGroup(training));
  program.addCommand(predictCommand(context).helpGroup(application));
  program.addCommand(viewCommand(context).helpGroup(application));
  program.addCommand(exportCommand(context).helpGroup(application));
  program.addCommand(evaluateCommand(context).helpGroup(application));
  program.addCommand(
    groupCommand('data', 'Inspect, preview, split or generate a data set.', [
      dataInspectCommand(context),
      dataPhantomCommand(context),
      dataPreviewCommand(context),
      dataSplitCommand(context),
    ]).helpGroup(resources),
  );
  program.addCommand(variantsCommand(context).helpGroup(resources));
  program.addCommand(
    groupCommand('engine', 'List, install, check or time the engines that compute.', [
      engineListCommand(context),
      engineInstallCommand(context),
      engineCheckCommand(context),
      engineBenchCommand(context),
    ]).helpGroup(resources),
  );
  program.addCommand(doctorCommand(context).helpGroup(resources));
  useContext(program, context);
  return program;
}

function groupCommand(name: string, description: string, commands: readonly Command[]): Command {
  const group = new Command(name)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false);
  for (const command of commands) group.addCommand(command);
  return group;
}

/** Makes a command and its subcommands write to the context's streams, and throw instead of ending the process. */
function useContext(command: Command, context: Context): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
    getOutHelpWidth: () => 100,
    getErrHelpWidth: () => 100,
    // Commander puts its suggestion on a separate line.
    outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, ' ')}\n`),
  });
  for (const child of command.commands) useContext(child, context);
}
