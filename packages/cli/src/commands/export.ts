import { writeFile } from 'node:fs/promises';
import { writeAtomically } from '@interseg/files';
import { modelArtifacts } from '@interseg/inference';
import { onnxLayouts, toOnnx, type OnnxLayout } from '@interseg/onnx';
import { exportModel, type ModelWriter } from '@interseg/training';
import { type Command, Option } from 'commander';
import { UsageError } from '../errors/usage-error.ts';
import { startEngine } from '../execution/start-engine.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface ExportFlags {
  out: string;
  format: 'tfjs' | 'onnx';
  layout?: OnnxLayout;
  checkpoint: 'best' | 'last';
  json?: boolean;
}

/** `interseg export` */
export function exportCommand(context: Context): Command {
  const command = createCommand(
    'export',
    'Export the deployable network of a run, even an unfinished one, as a model folder for predict, Node.js and browsers, or as ONNX.',
    [
      'export runs/spleen --out models/spleen',
      'export runs/spleen --out models/newest --checkpoint last',
      'export runs/spleen --out spleen.onnx --format onnx',
    ],
  );
  command
    .argument('<run>', 'run folder')
    .requiredOption('--out <path>', 'model folder to write: model.json and weights.bin; with --format onnx, a file')
    .addOption(
      new Option('--format <name>', 'format of the model: a folder for TensorFlow.js, or a file')
        .choices(['tfjs', 'onnx'])
        .default('tfjs'),
    )
    .addOption(
      new Option('--layout <axes>', 'with --format onnx: order of axes of input and output; nchw if left out').choices(
        onnxLayouts,
      ),
    )
    .addOption(
      new Option('--checkpoint <name>', 'epoch whose weights to export').choices(['best', 'last']).default('best'),
    );
  addOutputOptions(command);
  return command.action(async (run: string, { out, format, layout, checkpoint, json }: ExportFlags) => {
    if (layout && format !== 'onnx') {
      throw new UsageError(`--layout: found ${layout} with --format ${format}, expected it with --format onnx only.`);
    }
    // Nothing is computed, so any engine will do.
    const engine = await startEngine(context, { engine: 'wasm', threads: 1 });
    try {
      const target = format === 'onnx' ? onnxWriter(out, layout) : out;
      const { epoch } = await exportModel(run, target, { checkpoint, onNote: (message) => note(context, message) });
      printResult(
        context,
        json,
        { run, model: out, format, checkpoint, epoch },
        () => `${out}: weights after epoch ${epoch}\n`,
      );
    } finally {
      engine.release?.();
    }
  });
}

/** Writes a model as a file of ONNX. */
function onnxWriter(path: string, layout?: OnnxLayout): ModelWriter {
  return async (model, description) => {
    const file = toOnnx(await modelArtifacts(model, description), { layout });
    await writeAtomically(path, (temporary) => writeFile(temporary, file));
  };
}
