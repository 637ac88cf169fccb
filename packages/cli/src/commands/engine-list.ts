import { engines } from '@interseg/runtime';
import type { Command } from 'commander';
import { printResult, type Context } from '../terminal/context.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg engine list` */
export function engineListCommand(context: Context): Command {
  const command = addOutputOptions(createCommand('list', ['engine list', 'engine list --json']));
  return command.action(async ({ json }: { json?: boolean }) => {
    const all = await engines();
    const chosen = all.find((one) => one.available && one.training && one.byNameOnly === undefined)?.name;
    const list = all.map((engine) => ({ ...engine, auto: engine.name === chosen }));
    printResult(context, json, list, () => {
      const rows = list.map(({ name, available, auto, description, reason, byNameOnly }) => [
        auto ? `${name} *` : name,
        available ? (byNameOnly === undefined ? 'yes' : 'by name') : 'no',
        (available ? description : reason) ?? '',
      ]);
      const columns = [
        { heading: 'engine' },
        { heading: 'runs here' },
        { heading: 'description, or why it cannot run' },
      ];
      return `${textTable(columns, rows)}\n* chosen by --engine auto\n`;
    });
  });
}
