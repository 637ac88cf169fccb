import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CaseVolume } from '@interseg/data';
import type { DescribedSegments, SeriesVolume } from '@interseg/dicom';
import { isInputError } from '@interseg/errors';
import { exists, fileError } from '@interseg/files';
import {
  loadEnsemble,
  plainPostProcessing,
  readImage,
  type ClassPostProcessing,
  type Ensemble,
} from '@interseg/inference';
import { findOnnxRuntime, type FoundRuntime } from '@interseg/onnx';
import type { Engine } from '@interseg/runtime';
import { loadPlugins } from '@interseg/training';
import { Option, type Command } from 'commander';
import { listSeriesCases } from '../dicom/list-series-cases.ts';
import { isDicomInput, readDicomImage } from '../dicom/read-dicom-image.ts';
import { unknownTermsNote } from '../dicom/segment-notes.ts';
import { segmentationWriter, segmentsOfModel } from '../dicom/segmentation-writer.ts';
import { UsageError } from '../errors/usage-error.ts';
import { passCompiler } from '../execution/compile-pass.ts';
import { startEngine } from '../execution/start-engine.ts';
import { listFolderCases } from '../images/folder-cases.ts';
import { findInputImages } from '../images/input-images.ts';
import { segmentImage, type Segmented } from '../images/segment-image.ts';
import { isOnnx, onnxFormat } from '../models/onnx-format.ts';
import { parseNumber } from '../options/parse-number.ts';
import { addRunFlags, readRunFlags } from '../options/run-options.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { decimals, duration } from '../terminal/numbers.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface PredictFlags {
  model: string[];
  description?: string;
  input: string[];
  series?: string[];
  output: string;
  format?: 'nifti' | 'dicom';
  segments?: string;
  anonymize?: boolean;
  probabilities?: string;
  flips?: boolean;
  tile?: number;
  threshold?: number;
  smallestObject?: number;
  largestComponent?: boolean;
  force?: boolean;
  json?: boolean;
}

const runFields = ['batch', 'engine', 'threads', 'precision', 'plugins'] as const;
const parseOverlap = parseNumber((overlap) => overlap >= 0 && overlap < 1, 'a number of at least 0 and below 1');
const parseThreshold = parseNumber((threshold) => threshold > 0 && threshold < 1, 'a number above 0 and below 1');
const parseVolume = parseNumber((volume) => volume >= 0 && volume < Infinity, 'a number of at least 0');
const repeated = (value: string, previous: string[] = []): string[] => [...previous, value];

/** `interseg predict` */
export function predictCommand(context: Context): Command {
  const command = createCommand('predict', [
    'predict --model runs/spleen/model --input image.nii.gz --output mask.nii.gz',
    'predict --model runs/tumour/model --input t1.nii.gz --input flair.nii.gz --output mask.nii.gz',
    'predict --model runs/brats/model --input BraTS19_CBICA_AAM_1 --output mask.nii.gz',
    'predict --model runs/folds --input image.nii.gz --output mask.nii.gz',
    'predict --model runs/a/model --model runs/b/model --input imagesTs --output masks --flips',
    'predict --model runs/spleen/model --input dicom-export --series 4 --output mask.nii.gz',
    'predict --model runs/spleen/model --input series --output seg.dcm',
    'predict --model spleen.onnx --input image.nii.gz --output mask.nii.gz',
  ]);
  command
    .requiredOption(
      '--model <path>',
      'folder of a model, a run, a training with folds, or a network of a cross-validation (sweep/runs/unet-seed1), whose folds segment together, a zip of a model, or a file .onnx; repeat it to average over several',
      repeated,
    )
    .option(
      '--description <file>',
      'JSON that says what networks of ONNX from elsewhere need: channels, classes, slices (default: what InterSeg wrote into the file)',
    )
    .requiredOption(
      '--input <path>',
      'NIfTI image, DICOM series (folder or files), case folder, or folder of images and cases; several channels: as a fourth axis, or one --input each, in the order of training',
      repeated,
    )
    .option(
      '--series <series>',
      'number or UID of the DICOM series to segment, if there are several; repeat it for several channels, in the order of training',
      repeated,
    )
    .requiredOption(
      '--output <path>',
      'label map to write (.nii or .nii.gz), DICOM SEG of a series (.dcm), or a folder for a folder of images',
    )
    .addOption(
      new Option(
        '--format <format>',
        'what to write into a folder: NIfTI, or a DICOM SEG for each series of the input (default: nifti)',
      ).choices(['nifti', 'dicom']),
    )
    .option(
      '--segments <file>',
      'JSON with a list "segments" of codes, colours and more for the classes in a DICOM SEG',
    )
    .option('--anonymize', 'write DICOM SEG without patient and study, and with other identifiers')
    .option(
      '--probabilities <prefix>',
      'also write class probabilities, to PREFIX_<class>.nii.gz, or to PREFIX.dcm beside a DICOM SEG, or, for a folder of images, to a folder',
    )
    .option('--flips', 'average over mirrored copies of each slice; takes four times as long')
    .option(
      '--tile <overlap>',
      'cover slices larger than the network with tiles that overlap by this fraction, instead of shrinking them; models trained on patches always do, by 0.5 unless told',
      parseOverlap,
    )
    .option(
      '--threshold <probability>',
      'smallest probability of a voxel that counts, for every class (default: that of the model, which is 0.5 unless it was chosen on validation cases)',
      parseThreshold,
    )
    .option(
      '--smallest-object <mm3>',
      'drop objects below this volume in mm³, for every class (default: as the model says; 0 drops none)',
      parseVolume,
    )
    .option('--largest-component', 'keep only the largest connected component of each class')
    .option('--no-largest-component', 'keep the others, even if the model says otherwise')
    .option('--force', 'segment images of a folder even if their output exists');
  addOutputOptions(addRunFlags(command, runFields));
  return command.action(async (flags: PredictFlags) => predict(context, flags, readRunFlags(command, runFields)));
}

type RunFlags = ReturnType<typeof readRunFlags<(typeof runFields)[number]>>;

async function predict(
  context: Context,
  flags: PredictFlags,
  { batch, plugins = [], ...engineSettings }: RunFlags,
): Promise<void> {
  const { model, input, output, description, json } = flags;
  if (description !== undefined && !model.some(isOnnx)) {
    throw new UsageError(
      `--description: found ${description} without a model of ONNX, expected one that it describes.`,
    );
  }
  const isFolder = !/\.(nii(\.gz)?|dcm)$/i.test(output) && (await isSingleFolder(input));
  if (!isFolder) checkOutput(output, input);
  const isSegmentation = isFolder ? flags.format === 'dicom' : /\.dcm$/i.test(output);
  await checkFormat(flags, isFolder, isSegmentation);
  await loadPlugins(plugins);
  const { engine, onnx } = await startComputing(context, model, engineSettings);
  try {
    const ensemble = await loadEnsemble(model, {
      formats: onnx && [onnxFormat(onnx, description)],
      compilePass: passCompiler(context),
    });
    const names = [engine?.name, onnx?.name].filter((name) => name !== undefined);
    const segments = isSegmentation ? await segmentsOfModel(ensemble.description, flags.segments) : undefined;
    if (segments && segments.unknown.length > 0) note(context, `note: ${unknownTermsNote(segments.unknown)}`);
    const common = { model: model.length === 1 ? model[0] : model, engine: names.join(', ') };
    if (isFolder) {
      const { done, skipped } = await predictFolder(context, ensemble, flags, segments, batch);
      printResult(context, json, { ...common, input: input[0], output, cases: done, skipped }, () => {
        const left =
          skipped.length > 0
            ? `, ${skipped.length} skipped because their output exists (--force segments them again)`
            : '';
        return `${output}: ${done.length} segmented${left}\n`;
      });
    } else {
      const { volume, series } = await readInput(flags, ensemble.description);
      const result = await segmentImage(ensemble, volume, {
        output,
        prefix: flags.probabilities,
        write: segments && segmentationWriter(series[0]!, segments, flags.anonymize),
        ...predictionOptions(ensemble, flags, batch),
      });
      printResult(context, json, { ...common, input, ...result }, () => resultText(result));
    }
    ensemble.dispose();
  } finally {
    engine?.release?.();
  }
}

/** Starts what the models need: an engine of TensorFlow.js, onnxruntime, or both. */
async function startComputing(
  context: Context,
  models: readonly string[],
  settings: Pick<RunFlags, 'engine' | 'threads' | 'precision'>,
): Promise<{ engine?: Engine; onnx?: FoundRuntime }> {
  const isAllOnnx = models.every(isOnnx);
  if (isAllOnnx && settings.engine !== undefined && settings.engine !== 'auto') {
    throw new UsageError(
      `--engine: found ${settings.engine} with models of ONNX only, expected none, as onnxruntime computes them.`,
    );
  }
  const onnx = models.some(isOnnx) ? findOnnxRuntime(settings) : undefined;
  const engine = isAllOnnx ? undefined : await startEngine(context, settings);
  if (onnx) note(context, `engine for ONNX: ${onnx.name} ${onnx.version}`);
  return { engine, onnx };
}

function predictionOptions({ description }: Ensemble, flags: PredictFlags, batchSize?: number) {
  const { flips, tile, threshold, smallestObject, largestComponent } = flags;
  const { classes, postProcessing = classes.map(() => plainPostProcessing) } = description;
  const settings = postProcessing.map((ofClass): ClassPostProcessing => ({
    threshold: threshold ?? ofClass.threshold,
    smallestObject: smallestObject ?? ofClass.smallestObject,
    largestComponent: largestComponent ?? ofClass.largestComponent,
  }));
  return { flips, tileOverlap: tile, postProcessing: settings, batchSize };
}

/** An image to segment, with the series that it comes from if it is DICOM. */
interface Input {
  readonly volume: CaseVolume;
  readonly series: readonly SeriesVolume[];
}

/**
 * Segments the images and cases of a folder one by one, or its series where DICOM SEG is written, except, without
 * `--force`, those whose output exists. A series that cannot be read is left out with a note.
 */
async function predictFolder(
  context: Context,
  ensemble: Ensemble,
  flags: PredictFlags,
  segments: DescribedSegments | undefined,
  batch?: number,
): Promise<{ done: Segmented[]; skipped: string[] }> {
  const { output: folder, probabilities, series = [], force = false } = flags;
  const [input = ''] = flags.input;
  const { description } = ensemble;
  const cases: { id: string; read: () => Promise<Input> }[] = segments
    ? await listSeriesCases(input, description, series)
    : (await listFolderCases(input)).map(({ id, path }) => ({
        id,
        read: () => readInput({ input: [path], output: join(folder, `${id}.nii.gz`), series }, description),
      }));
  if (resolve(folder) === resolve(input)) {
    throw new UsageError(`--output: found '${folder}', which is the input, expected another folder.`);
  }
  for (const path of [folder, ...(probabilities === undefined ? [] : [probabilities])]) {
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      throw fileError(path, error, 'a folder that can be made and written to');
    });
  }
  const done: Segmented[] = [];
  const skipped: string[] = [];
  for (const [index, { id, read }] of cases.entries()) {
    const output = join(folder, `${id}${segments ? '.dcm' : '.nii.gz'}`);
    if (!force && (await exists(output))) {
      skipped.push(output);
      continue;
    }
    const image = await read().catch((error: unknown) => {
      // A study has series of all kinds; those of a data set are meant to be segmented.
      if (!segments || !isInputError(error) || cases.length === 1) throw error;
      note(context, `${index + 1}/${cases.length}  ${id}  left out: ${error.message}`);
      return undefined;
    });
    if (!image) continue;
    const result = await segmentImage(ensemble, image.volume, {
      output,
      prefix: probabilities === undefined ? undefined : join(probabilities, id),
      write: segments && segmentationWriter(image.series[0]!, segments, flags.anonymize),
      ...predictionOptions(ensemble, flags, batch),
    });
    note(context, `${index + 1}/${cases.length}  ${id}  ${duration(result.seconds)}`);
    done.push(result);
  }
  return { done, skipped };
}

/** Reads an image of NIfTI or DICOM. */
async function readInput(
  { input, output, series = [] }: Pick<PredictFlags, 'input' | 'output' | 'series'>,
  description: Ensemble['description'],
): Promise<Input> {
  if (await isDicomInput(input)) return readDicomImage(input, description, series);
  if (series.length > 0) {
    throw new UsageError(`--series: found ${series.join(', ')} without DICOM files, expected them as --input.`);
  }
  const images = await findInputImages(input, description);
  checkOutput(output, images);
  return { volume: await readImage(images, description), series: [] };
}

function resultText({ output, probabilities, classes, seconds }: Segmented): string {
  const rows = classes.map(({ name, voxels, millilitres }) => [name, String(voxels), decimals(millilitres, 2)]);
  const columns = [{ heading: 'class' }, { heading: 'voxels', numeric: true }, { heading: 'ml', numeric: true }];
  return `${[output, ...probabilities].join('\n')}\n\n${textTable(columns, rows)}\nsegmented in ${duration(seconds)}\n`;
}

async function isSingleFolder(input: readonly string[]): Promise<boolean> {
  const [first = ''] = input;
  return input.length === 1 && ((await stat(first).catch(() => undefined))?.isDirectory() ?? false);
}

/** @throws UsageError when the output has the wrong ending or would overwrite the input */
function checkOutput(output: string, input: readonly string[]): void {
  if (!/\.(nii(\.gz)?|dcm)$/i.test(output)) {
    throw new UsageError(`--output: found '${output}', expected a name that ends in .nii, .nii.gz or .dcm.`);
  }
  if (input.some((file) => resolve(file) === resolve(output))) {
    throw new UsageError(`--output: found '${output}', which is the input, expected another name.`);
  }
}

/** @throws UsageError when options for DICOM SEG are given without one, or one cannot be written */
async function checkFormat(
  { input, output, format, segments, anonymize }: PredictFlags,
  isFolder: boolean,
  isSegmentation: boolean,
): Promise<void> {
  if (!isFolder && format !== undefined) {
    throw new UsageError(`--format: found ${format} for a file, expected it for a folder; a file's name decides.`);
  }
  if (isSegmentation) {
    if (await isDicomInput(input)) return;
    const expected = 'expected DICOM images as --input; interseg convert makes a DICOM SEG of a label map';
    throw new UsageError(
      `--${isFolder ? 'format' : 'output'}: found ${isFolder ? 'dicom' : `'${output}'`}, ${expected}.`,
    );
  }
  const flag = segments === undefined ? anonymize && 'anonymize' : 'segments';
  if (!flag) return;
  throw new UsageError(
    `--${flag}: found it without a DICOM SEG to write, expected --output seg.dcm or --format dicom.`,
  );
}
