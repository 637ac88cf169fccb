import { variants } from '@interseg/models';
import { loadPlugins } from '@interseg/training';
import type { Command } from 'commander';
import { addRunFlags, readRunFlags } from '../options/run-options.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg variants` */
export function variantsCommand(context: Context): Command {
  const command = createCommand('variants', ['variants', 'variants --plugin interseg-attention-unet --json']);
  addOutputOptions(addRunFlags(command, ['plugins']));
  return command.action(async ({ json }: { json?: boolean }) => {
    await loadPlugins(readRunFlags(command, ['plugins']).plugins ?? []);
    const list = variants().map(({ name, title, mechanism }) => ({ name, title, description: mechanism.description }));
    printResult(context, json, list, () =>
      textTable(
        [{ heading: 'variant' }, { heading: 'name in the paper' }, { heading: 'supervision' }],
        list.map(({ name, title, description }) => [name, title, description]),
      ),
    );
  });
}
