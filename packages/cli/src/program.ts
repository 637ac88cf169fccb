import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { catalogue, type CommandEntry } from './commands/catalogue.ts';
import type { Context } from './terminal/context.ts';

const examples = `
Examples:
  $ interseg data phantom --out phantoms --patients 10
  $ interseg train --data phantoms --variant twi-unet --out runs/first
  $ interseg predict --model runs/first/model --input image.nii.gz --output mask.nii.gz

Exit status: 0 success, 1 failure, 2 bad usage or bad input, 76 another process took the run
over, 130 interrupted (143 by SIGTERM).
Run 'interseg help <command>' for the options of a command.`;

/** Creates the command line. Of its commands only the one that the arguments name is whole: the others have but a summary. */
export async function createProgram(context: Context): Promise<Command> {
  const program = new Command('interseg')
    .description('Train, apply and evaluate segmentation networks for medical images.')
    .version(`interseg ${manifest.version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .commandsGroup('Help:')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', examples)
    // Without the options and arguments of commands, which are not known of all.
    .configureHelp({ subcommandTerm: (command) => command.name() });
  const words = context.commandLine.filter((word) => !word.startsWith('-'));
  const [first, second] = words[0] === 'help' ? words.slice(1) : words;
  const create = async ({ name, summary, load }: CommandEntry, asked?: string): Promise<Command> => {
    const command = name === asked ? await createAsked(load, context) : new Command(name);
    return command.description(summary);
  };
  for (const { heading, entries } of catalogue) {
    for (const entry of entries) {
      const command = 'load' in entry ? await create(entry, first) : new Command(entry.name);
      if ('commands' in entry) {
        command.description(entry.summary).helpOption('-h, --help', 'print this help').helpCommand(false);
        const asked = entry.name === first ? second : undefined;
        for (const child of entry.commands) command.addCommand(await create(child, asked));
      }
      program.addCommand(command.helpGroup(heading));
    }
  }
  useContext(program, context);
  return program;
}

/** Loads a command, and what data sets it can read. */
async function createAsked(load: CommandEntry['load'], context: Context): Promise<Command> {
  const [create, { registerDicom }] = await Promise.all([load(), import('./dicom/register-dicom.ts')]);
  registerDicom();
  return create(context);
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
