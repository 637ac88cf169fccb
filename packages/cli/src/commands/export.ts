import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { exists, writeAtomically } from '@interseg/files';
import { modelArtifacts } from '@interseg/inference';
import { onnxLayouts, toOnnx, type OnnxLayout } from '@interseg/onnx';
import { exportModel, runFolder, type ModelWriter } from '@interseg/training';
import { type Command, Option } from 'commander';
import { UsageError } from '../errors/usage-error.ts';
import { startEngine } from '../execution/start-engine.ts';
import { findPage } from '../page/page-files.ts';
import { checkPageFolder, pageInRun, writePage } from '../page/write-page.ts';
import { writeReport } from '../run-report/write-run-report.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface ExportFlags {
  out?: string;
  page?: string;
  format: 'tfjs' | 'onnx';
  layout?: OnnxLayout;
  checkpoint: 'best' | 'last';
  json?: boolean;
}

/** `interseg export` */
export function exportCommand(context: Context): Command {
  const command = createCommand('export', [
    'export runs/spleen --out models/spleen',
    'export runs/spleen --out models/newest --checkpoint last',
    'export runs/spleen --out spleen.onnx --format onnx',
    'export runs/spleen --page site',
  ]);
  command
    .argument('<run>', 'run folder')
    .option('--out <path>', 'model folder to write: model.json and weights.bin; with --format onnx, a file')
    .option('--page <folder>', 'folder of a page to write that segments scans in the browser, for any static host')
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
  return command.action(async (run: string, flags: ExportFlags) => {
    const { out, page: site, format, layout, checkpoint, json } = flags;
    if (out === undefined && site === undefined) {
      throw new UsageError('export: found neither --out nor --page, expected one.');
    }
    if (layout && format !== 'onnx') {
      throw new UsageError(`--layout: found ${layout} with --format ${format}, expected it with --format onnx only.`);
    }
    if (format === 'onnx' && out === undefined) {
      throw new UsageError(
        '--format: found onnx without --out, expected the file to write: a page has no model of ONNX.',
      );
    }
    const page = site === undefined ? undefined : await findPage();
    if (site !== undefined) await checkPageFolder(site);
    // Nothing is computed, so any engine will do.
    const engine = await startEngine(context, { engine: 'wasm', threads: 1 });
    try {
      const options = { checkpoint, onNote: (message: string) => note(context, message) };
      const lines: string[] = [];
      let epoch = 0;
      if (out !== undefined) {
        ({ epoch } = await exportModel(run, format === 'onnx' ? onnxWriter(out, layout) : out, options));
        lines.push(`${out}: weights after epoch ${epoch}\n`);
      }
      if (page && site !== undefined) {
        const model = join(site, 'model');
        ({ epoch } = await exportModel(run, model, options));
        await writePage(site, page, { model, name: basename(resolve(run)) });
        if (resolve(site) === resolve(pageInRun(run)) && (await exists(runFolder(run).report))) await writeReport(run);
        lines.push(
          `${site}: a page with the weights after epoch ${epoch}; serve it by HTTP, as it cannot be opened as a file\n`,
        );
      }
      const document = { run, model: out, ...(site !== undefined && { page: site }), format, checkpoint, epoch };
      printResult(context, json, document, () => lines.join(''));
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
