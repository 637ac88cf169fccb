import { resolve } from 'node:path';
import type { Command } from 'commander';
import { convertFromDicom } from '../dicom/convert-from-dicom.ts';
import { convertToSegmentation } from '../dicom/convert-to-segmentation.ts';
import type { Converted } from '../dicom/converted.ts';
import { readSegmentNotes } from '../dicom/segment-notes.ts';
import { UsageError } from '../errors/usage-error.ts';
import { parseLabels } from '../options/parse-labels.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { decimals } from '../terminal/numbers.ts';
import { textTable } from '../terminal/table.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface ConvertFlags {
  output: string;
  series?: string;
  labels?: string;
  segments?: string;
  anonymize?: boolean;
  json?: boolean;
}

const isNifti = (path: string): boolean => /\.nii(\.gz)?$/i.test(path);
const isDicomName = (path: string): boolean => /\.dcm$/i.test(path);

/** `interseg convert` */
export function convertCommand(context: Context): Command {
  const command = createCommand('convert', [
    'convert mask.nii.gz --series scans/ct --output seg.dcm --labels 1=liver,2=tumour',
    'convert seg.dcm --series scans/ct --output mask.nii.gz',
    'convert seg.dcm --output tumour.nii.gz --labels 1=tumour',
    'convert scans/ct --output image.nii.gz',
  ]);
  command
    .argument('<input>', 'label map (.nii or .nii.gz), DICOM SEG, or folder with a series of images')
    .requiredOption('--output <file>', 'file to write: .dcm for a DICOM SEG, .nii or .nii.gz')
    .option('--series <folder>', 'images of the mask: needed for a DICOM SEG; from one, the mask gets their grid')
    .option(
      '--labels <list>',
      'labels and their names, such as 1=liver,2=tumour; 1+2=both merges labels; from a DICOM SEG: which segments to read, and their labels',
    )
    .option('--segments <file>', 'JSON with a list "segments" that gives codes, colours and more to names')
    .option('--anonymize', 'write a DICOM SEG without patient and study, and with other identifiers');
  addOutputOptions(command);
  return command.action(async (input: string, flags: ConvertFlags) => {
    const result = await convert(input, flags);
    for (const text of result.notes) note(context, `note: ${text}`);
    printResult(context, flags.json, result, () => resultText(result));
  });
}

async function convert(input: string, flags: ConvertFlags): Promise<Converted> {
  const { output, series, segments, anonymize = false } = flags;
  if (resolve(input) === resolve(output)) {
    throw new UsageError(`--output: found '${output}', which is the input, expected another name.`);
  }
  const labels = flags.labels === undefined ? undefined : parseLabels(flags.labels);
  if (!isNifti(input)) {
    if (!isNifti(output)) {
      throw new UsageError(`--output: found '${output}' for DICOM, expected a name that ends in .nii or .nii.gz.`);
    }
    if (segments !== undefined || anonymize) {
      const flag = segments === undefined ? 'anonymize' : 'segments';
      throw new UsageError(`--${flag}: found it without a DICOM SEG to write, expected it with one only.`);
    }
    return convertFromDicom({ input, output, series, labels });
  }
  if (!isDicomName(output)) {
    throw new UsageError(`--output: found '${output}' for a label map, expected a name that ends in .dcm.`);
  }
  if (series === undefined) throw new UsageError('--series: found none, expected the images of the label map.');
  const notes = segments === undefined ? [] : await readSegmentNotes(segments);
  return convertToSegmentation({ input, output, series, labels, notes, anonymize });
}

function resultText({ output, segments, shape = [], spacing = [] }: Converted): string {
  if (!segments) {
    return `${output}: ${shape.join(' × ')} voxels of ${spacing.map((mm) => decimals(mm, 2)).join(' × ')} mm\n`;
  }
  const rows = segments.map(({ name, values, type, voxels, millilitres }) => [
    ...[name, values.join('+'), type],
    ...[String(voxels), decimals(millilitres, 2)],
  ]);
  const columns = [
    ...[{ heading: 'segment' }, { heading: 'label', numeric: true }, { heading: 'type' }],
    ...[
      { heading: 'voxels', numeric: true },
      { heading: 'ml', numeric: true },
    ],
  ];
  return `${output}\n\n${textTable(columns, rows)}`;
}
