import { resolve } from 'node:path';
import { determinant, writeNifti } from '@interseg/data';
import { loadModel, loadPlugins, predictVolume, writeLabels } from '@interseg/training';
import type { Command } from 'commander';
import { startEngine } from '../engine/start-engine.ts';
import { UsageError } from '../errors/usage-error.ts';
import { imagesOfInput, readImage } from '../images/read-image.ts';
import { addRunFlags, checkedRunFlags } from '../options/run-options.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { decimals, duration } from '../terminal/numbers.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface PredictFlags {
  model: string;
  input: string[];
  output: string;
  probabilities?: string;
  json?: boolean;
}

const runFields = ['batch', 'engine', 'threads', 'plugins'] as const;

/** `interseg predict` */
export function predictCommand(context: Context): Command {
  const command = createCommand('predict', 'Segment an image: a label map on the same grid, with the same affine.', [
    'predict --model runs/spleen/model --input image.nii.gz --output mask.nii.gz',
    'predict --model runs/tumour/model --input t1.nii.gz --input flair.nii.gz --output mask.nii.gz',
    'predict --model runs/brats/model --input BraTS19_CBICA_AAM_1 --output mask.nii.gz',
  ]);
  command
    .requiredOption('--model <folder>', 'folder of the model: RUN/model')
    .requiredOption(
      '--input <file>',
      'NIfTI image; several channels as a fourth axis, as one file each in the order of training, or as the folder of a case',
      (file: string, previous: string[] = []) => [...previous, file],
    )
    .requiredOption('--output <file>', 'label map to write, .nii or .nii.gz')
    .option('--probabilities <prefix>', 'also write the probability of each class, as PREFIX_<class>.nii.gz');
  addOutputOptions(addRunFlags(command, runFields));
  return command.action(async (flags: PredictFlags) => predict(context, flags, checkedRunFlags(command, runFields)));
}

async function predict(
  context: Context,
  { model: modelFolder, input, output, probabilities: prefix, json }: PredictFlags,
  { batch, plugins = [], ...engineSettings }: ReturnType<typeof checkedRunFlags<(typeof runFields)[number]>>,
): Promise<void> {
  checkOutput(output, input);
  await loadPlugins(plugins);
  const engine = await startEngine(context, engineSettings);
  try {
    const { model, description } = await loadModel(modelFolder);
    const images = await imagesOfInput(input, description);
    checkOutput(output, images);
    const volume = await readImage(images, description);
    const started = performance.now();
    const { labels, probabilities } = await predictVolume(model, volume, { ...description, batchSize: batch });
    const seconds = (performance.now() - started) / 1000;
    model.dispose();
    await writeLabels(output, labels, volume.source);
    const { shape, spacing, affine, source } = volume;
    const files: string[] = [];
    for (const [index, data] of probabilities.entries()) {
      if (prefix === undefined) break;
      const file = `${prefix}_${fileName(description.classes[index]?.name ?? String(index + 1))}.nii.gz`;
      await writeNifti(file, { data, shape: [...shape], spacing: [...spacing], affine, header: source.header });
      files.push(file);
    }
    const voxelVolume = Math.abs(determinant(affine)) / 1000;
    const classes = description.classes.map(({ name, values }) => {
      const voxels = countOf(labels, values);
      return { name, values, voxels, millilitres: voxels * voxelVolume };
    });
    const document = { model: modelFolder, input, output, probabilities: files, shape, spacing, classes, seconds };
    printResult(context, json, { ...document, engine: engine.name }, () => {
      const rows = classes.map(({ name, voxels, millilitres }) => [name, String(voxels), decimals(millilitres, 2)]);
      const columns = [{ heading: 'class' }, { heading: 'voxels', numeric: true }, { heading: 'ml', numeric: true }];
      return `${[output, ...files].join('\n')}\n\n${textTable(columns, rows)}\nsegmented in ${duration(seconds)}\n`;
    });
  } finally {
    engine.release?.();
  }
}

/** Before the work: a name that cannot be written, or that would overwrite the image. */
function checkOutput(output: string, input: readonly string[]): void {
  if (!/\.nii(\.gz)?$/i.test(output)) {
    throw new UsageError(`--output: found '${output}', expected a name that ends in .nii or .nii.gz.`);
  }
  if (input.some((file) => resolve(file) === resolve(output))) {
    throw new UsageError(`--output: found '${output}', which is the input, expected another name.`);
  }
}

function countOf(labels: Iterable<number>, values: readonly number[]): number {
  let count = 0;
  for (const label of labels) if (values.includes(label)) count++;
  return count;
}

/** A class's name as a part of a file's name. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]+/gu, '-');
}
