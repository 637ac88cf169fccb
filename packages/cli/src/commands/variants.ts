import { variants } from '@interseg/models';
import type { Command } from 'commander';
import { printResult, type Context } from '../terminal/context.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg variants` */
export function variantsCommand(context: Context): Command {
  const command = addOutputOptions(
    createCommand('variants', 'List the networks that can be trained.', ['variants', 'variants --json']),
  );
  return command.action(({ json }: { json?: boolean }) => {
    const list = variants().map(({ name, title, mechanism }) => ({ name, title, description: mechanism.description }));
    printResult(context, json, list, () =>
      textTable(
        [{ heading: 'variant' }, { heading: 'in the paper' }, { heading: 'what teaches it' }],
        list.map(({ name, title, description }) => [name, title, description]),
      ),
    );
  });
}
