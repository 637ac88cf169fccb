import { Command, Option } from 'commander';

const generalGroup = 'General options:';

/** Creates a command with the parts that every command has beside its summary: `--help` and examples. */
export function createCommand(name: string, examples: readonly string[]): Command {
  return new Command(name)
    .addHelpOption(new Option('-h, --help', 'print this help').helpGroup(generalGroup))
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ interseg ${example}`).join('\n')}`);
}

/** Adds the options that every command has after its own. */
export function addOutputOptions(command: Command): Command {
  const json = command.createOption('--json', 'print a single JSON document on stdout, and nothing else');
  const debug = command.createOption('--debug', 'show the stack trace of an error');
  return command.addOption(json.helpGroup(generalGroup)).addOption(debug.helpGroup(generalGroup));
}
