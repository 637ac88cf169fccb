import { Command } from 'commander';

/** A command with what all of them have: `--json`, `--debug`, examples. */
export function createCommand(name: string, summary: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(summary)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ interseg ${example}`).join('\n')}`);
}

const outputGroup = 'Output:';

/** Adds what every command has at the end of its options. */
export function addOutputOptions(command: Command): Command {
  const json = command.createOption('--json', 'print one JSON document on stdout and nothing else there');
  const debug = command.createOption('--debug', 'show the stack trace of an error');
  return command.addOption(json.helpGroup(outputGroup)).addOption(debug.helpGroup(outputGroup));
}
