import { exportModel } from '@interseg/training';
import { type Command, Option } from 'commander';
import { startEngine } from '../execution/start-engine.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg export` */
export function exportCommand(context: Context): Command {
  const command = createCommand(
    'export',
    'Export the deployable network of a run, even an unfinished one, as a model folder for predict, Node.js and browsers.',
    ['export runs/spleen --out models/spleen', 'export runs/spleen --out models/newest --checkpoint last'],
  );
  command
    .argument('<run>', 'run folder')
    .requiredOption('--out <folder>', 'model folder to write: model.json and weights.bin')
    .addOption(
      new Option('--checkpoint <name>', 'epoch whose weights to export').choices(['best', 'last']).default('best'),
    );
  addOutputOptions(command);
  return command.action(
    async (run: string, { out, checkpoint, json }: { out: string; checkpoint: 'best' | 'last'; json?: boolean }) => {
      // Nothing is computed, so any engine will do.
      const engine = await startEngine(context, { engine: 'wasm', threads: 1 });
      try {
        const { epoch } = await exportModel(run, out, { checkpoint, onNote: (message) => note(context, message) });
        printResult(
          context,
          json,
          { run, model: out, checkpoint, epoch },
          () => `${out}: weights after epoch ${epoch}\n`,
        );
      } finally {
        engine.release?.();
      }
    },
  );
}
