import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readNifti, writeNifti } from '@interseg/nifti';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../tools/build/python.ts';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import { describeSegments, readSegmentation, regridLabels, writeSegmentation } from '../src/index.ts';
import { arrangedSeries, lopsidedLabels, normalOf, orientations, syntheticFiles } from './synthetic-series.ts';

/** A cross-check with dcmqi, by whose programs 3D Slicer reads and writes DICOM SEG; its wheel brings them. */
const python = await findPython(['dcmqi']);
const programs = dirname(process.env['INTERSEG_PYTHON'] ?? '');
const run = promisify(execFile);
const folder = await temporaryFolder();
const names = ['liver', 'left kidney', 'class 3'];
const { segments } = describeSegments(names.map((name, index) => ({ name, values: [index + 1] })));

/** What dcmqi wants to know of a label map. */
const description = {
  ...{ ContentCreatorName: 'nobody', SeriesDescription: 'labels', SeriesNumber: '300', InstanceNumber: '1' },
  segmentAttributes: [
    segments.map(({ label, values, category, type }) => ({
      labelID: values[0],
      SegmentLabel: label,
      SegmentDescription: label,
      SegmentAlgorithmType: 'AUTOMATIC',
      SegmentAlgorithmName: 'nobody',
      SegmentedPropertyCategoryCodeSequence: codeOf(category),
      SegmentedPropertyTypeCodeSequence: codeOf(type),
    })),
  ],
};

function codeOf({ value, scheme, meaning }: { value: string; scheme: string; meaning: string }) {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

const cases = Object.entries(orientations).flatMap(([name, orientation]) =>
  [2.5, -2.5].map((gap) => ({ name: `${name}, slices ${gap > 0 ? 'upwards' : 'downwards'}`, orientation, gap })),
);

describe.skipIf(python.skipped)(python.skipped ? `dcmqi (skipped: ${python.reason})` : 'dcmqi', () => {
  it('is there', () => {
    expect(python.reason).toBe('');
  });

  it.each(cases)('reads what we write, and we read what it writes: $name', async ({ name, orientation, gap }) => {
    // A comma separates files on the command line of dcmqi.
    const at = (...parts: string[]): string => join(folder, name.replace(',', ''), ...parts);
    await mkdir(at('images'), { recursive: true });
    await mkdir(at('read'));
    const step = normalOf(orientation).map((value) => value * gap);
    const files = syntheticFiles({ shape: [13, 7, 5], orientation, spacing: [0.7, 1.3], step });
    for (const [index, file] of files.entries()) await writeFile(at('images', `${index}.dcm`), file);
    const series = await arrangedSeries(files);
    const { shape, affine } = series.geometry;
    const labels = lopsidedLabels(shape);

    await writeFile(at('ours.dcm'), writeSegmentation(series, labels, segments));
    const reading = ['--inputDICOM', at('ours.dcm'), '--outputDirectory', at('read'), '-t', 'nii', '--mergeSegments'];
    await run(join(programs, 'segimage2itkimage'), reading);
    const images = (await readdir(at('read'))).filter((file) => /\.nii(\.gz)?$/.test(file));
    expect(images).toHaveLength(1);
    const read = await readNifti(at('read', images[0]!));
    const from = { shape: read.shape as [number, number, number], affine: read.affine };
    expect([...regridLabels(read.data, from, series.geometry, 'dcmqi')]).toEqual([...labels]);

    await writeNifti(at('labels.nii.gz'), { data: labels, shape, affine }, { labels: true });
    await writeFile(at('labels.json'), JSON.stringify(description));
    await run(join(programs, 'itkimage2segimage'), [
      ...['--inputImageList', at('labels.nii.gz'), '--inputDICOMDirectory', at('images')],
      ...['--inputMetadata', at('labels.json'), '--outputDICOM', at('theirs.dcm')],
    ]);
    const found = await readSegmentation(new Uint8Array(await readFile(at('theirs.dcm'))), { series });
    expect(found.labels).toEqual(labels);
    expect(found.segments.map(({ label }) => label)).toEqual(names);
  });
});
