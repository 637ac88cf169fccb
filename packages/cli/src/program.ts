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
import { predictCommand } from './commands/predict.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { trainCommand } from './commands/train.ts';
import { variantsCommand } from './commands/variants.ts';
import type { Context } from './terminal/context.ts';

const examples = `
Examples:
  $ interseg data phantom --out phantoms --patients 10
  $ interseg train --data phantoms --variant twi-unet --out runs/first
  $ interseg predict --model runs/first/model --input image.nii.gz --output mask.nii.gz

Exit status: 0 done, 1 the work failed, 2 bad usage or bad input, 130 interrupted (143 by SIGTERM).
'interseg help <command>' shows the options of a command.`;

/** The command line, with every command. */
export function createProgram(context: Context): Command {
  const program = new Command('interseg')
    .description('Train networks that segment medical images, use them and judge them.')
    .version(`interseg ${manifest.version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .commandsGroup('Help:')
    .addHelpText('after', examples);
  const training = 'Training:';
  const use = 'Segmenting and judging:';
  const looking = 'Data, networks, engines:';
  program.addCommand(trainCommand(context).helpGroup(training));
  program.addCommand(resumeCommand(context).helpGroup(training));
  program.addCommand(compareCommand(context).helpGroup(training));
  program.addCommand(reportCommand(context).helpGroup(training));
  program.addCommand(predictCommand(context).helpGroup(use));
  program.addCommand(exportCommand(context).helpGroup(use));
  program.addCommand(evaluateCommand(context).helpGroup(use));
  program.addCommand(
    groupCommand('data', 'Look at a data set, split it, or make one.', [
      dataInspectCommand(context),
      dataPhantomCommand(context),
      dataPreviewCommand(context),
      dataSplitCommand(context),
    ]).helpGroup(looking),
  );
  program.addCommand(variantsCommand(context).helpGroup(looking));
  program.addCommand(
    groupCommand('engine', 'What computes: TensorFlow.js on several engines.', [
      engineListCommand(context),
      engineInstallCommand(context),
      engineCheckCommand(context),
      engineBenchCommand(context),
    ]).helpGroup(looking),
  );
  program.addCommand(doctorCommand(context).helpGroup(looking));
  writeTo(program, context);
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

/** Lets a command and those below it throw instead of ending the process, and write where the context says. */
function writeTo(command: Command, context: Context): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
    getOutHelpWidth: () => 100,
    getErrHelpWidth: () => 100,
    // Commander puts its suggestion on a line of its own.
    outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, ' ')}\n`),
  });
  for (const child of command.commands) writeTo(child, context);
}
