import { exportModel } from '@interseg/training';
import { type Command, Option } from 'commander';
import { startEngine } from '../execution/start-engine.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

/** `interseg export` */
export function exportCommand(context: Context): Command {
  const command = createCommand(
    'export',
    'Write the plain network of a run as a model folder, also while the run goes on: for predict, for Node and for a browser.',
    ['export runs/spleen --out models/spleen', 'export runs/spleen --out models/newest --checkpoint last'],
  );
  command
    .argument('<run>', 'folder of the run')
    .requiredOption('--out <folder>', 'folder of the model: model.json and weights.bin')
    .addOption(
      new Option('--checkpoint <name>', 'whose weights: of the best or the last epoch')
        .choices(['best', 'last'])
        .default('best'),
    );
  addOutputOptions(command);
  return command.action(
    async (run: string, { out, checkpoint, json }: { out: string; checkpoint: 'best' | 'last'; json?: boolean }) => {
      // Nothing is computed: any engine holds the weights.
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
