import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  fromCanonical,
  orientationFromAffine,
  readNifti,
  toCanonical,
  canonicalAffine,
  writeNifti,
} from '@interseg/nifti';
import { beforeAll, describe, expect, it } from 'vitest';
import { imageShape, patient, writeImages } from './dicom-images.ts';
import { intersegHere, json, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
const images = at('images');
const [columns, rows, slices] = imageShape;
/** A mask whose two objects tell left from right, front from back and head from feet. */
const labels = new Uint8Array(columns * rows * slices);
for (let i = 3; i < 20; i++) labels[i + columns * (5 + rows * 0)] = 1;
for (let j = 6; j < 11; j++) for (let k = 1; k < 3; k++) labels[30 + columns * (j + rows * k)] = 4;
/** From (column, row, slice) to RAS: columns run to the left, rows to the back. */
const affine = [
  [-2, 0, 0, 39],
  [0, -2, 0, 31],
  [0, 0, 8, 96],
  [0, 0, 0, 1],
];

interface Converted {
  output: string;
  segments: { name: string; values: number[]; type: string; voxels: number; millilitres: number }[];
}

beforeAll(async () => {
  await writeImages(images);
  await writeNifti(at('mask.nii.gz'), { data: labels, shape: [...imageShape], affine }, { labels: true });
});

/** Grids of series are fitted to the positions of their slices. */
const close = (value: number): number => expect.closeTo(value, 9) as number;
const grid = affine.map((row) => row.map(close));

const fails = async (...commandLine: string[]): Promise<string> => {
  const { status, stderr } = await intersegHere('convert', ...commandLine);
  expect(status).toBe(2);
  return stderr.trim().split('\n').at(-1)!;
};

describe('interseg convert', () => {
  it('takes a label map to DICOM SEG and back, with the same labels in the same places', async () => {
    const named = ['--labels', '1=left kidney,4=enhancing part'];
    const written = await json<Converted>([
      'convert',
      at('mask.nii.gz'),
      '--series',
      images,
      '--output',
      at('seg.dcm'),
      ...named,
    ]);
    expect(written.segments).toEqual([
      { name: 'left kidney', values: [1], type: 'Left Kidney', voxels: 17, millilitres: close(0.544) },
      { name: 'enhancing part', values: [4], type: 'Tissue', voxels: 10, millilitres: close(0.32) },
    ]);
    const back = await json<Converted>([
      'convert',
      at('seg.dcm'),
      '--series',
      images,
      '--output',
      at('back.nii.gz'),
      ...named,
    ]);
    expect(back.segments).toEqual(written.segments);
    const found = await readNifti(at('back.nii.gz'));
    expect(found.shape).toEqual([...imageShape]);
    expect([...found.data]).toEqual([...labels]);
    expect(found.affine).toEqual(grid);
    // Without names, segments have their numbers; without the series, the grid is that of the frames.
    await json(['convert', at('seg.dcm'), '--output', at('own.nii')]);
    const own = await readNifti(at('own.nii'));
    expect(own.shape).toEqual([columns, rows, 3]);
    expect([...own.data]).toEqual(Array.from(labels.subarray(0, columns * rows * 3), (label) => Math.min(label, 2)));
    expect(own.affine).toEqual(grid);
    await json(['convert', at('seg.dcm'), '--series', images, '--output', at('one.nii'), '--labels', '7=left kidney']);
    expect([...(await readNifti(at('one.nii'))).data]).toEqual(Array.from(labels, (label) => (label === 1 ? 7 : 0)));
  });

  it('finds the series among others, and puts a mask in another order of axes on its grid', async () => {
    await writeImages(at('several', 'a'), { series: 1 });
    await writeImages(at('several', 'b'), { series: 2 });
    const orientation = orientationFromAffine(affine);
    const canonical = toCanonical(labels, [...imageShape], orientation);
    expect([...fromCanonical(canonical.data, [...imageShape], orientation)]).toEqual([...labels]);
    const own = canonicalAffine(affine, [...imageShape], orientation);
    await writeNifti(
      at('ras.nii'),
      { data: canonical.data, shape: [...canonical.shape], affine: own },
      { labels: true },
    );
    await json([
      'convert',
      at('ras.nii'),
      '--series',
      at('several'),
      '--output',
      at('ras.dcm'),
      '--labels',
      '1=liver,4=spot',
    ]);
    await json([
      'convert',
      at('ras.dcm'),
      '--series',
      at('several'),
      '--output',
      at('ras-back.nii'),
      '--labels',
      '1=liver,4=spot',
    ]);
    expect([...(await readNifti(at('ras-back.nii'))).data]).toEqual([...labels]);
  });

  it('takes segments that overlap, and says so', async () => {
    const nested = ['--labels', '1+4=whole,4=core'];
    await json(['convert', at('mask.nii.gz'), '--series', images, '--output', at('nested.dcm'), ...nested]);
    const { status, stdout, stderr } = await intersegHere(
      'convert',
      at('nested.dcm'),
      '--series',
      images,
      '--output',
      at('nested.nii'),
    );
    expect([status, stderr.trim()]).toEqual([
      0,
      'note: whole and core have 10 voxels in common, of which each got one label; --labels 1=whole reads one segment',
    ]);
    expect(stdout).toMatch(/^whole +1 +Tissue +17 /m);
    await json(['convert', at('nested.dcm'), '--series', images, '--output', at('whole.nii'), '--labels', '1=whole']);
    expect([...(await readNifti(at('whole.nii'))).data]).toEqual(Array.from(labels, (label) => Math.min(label, 1)));
  });

  it('takes codes from a file', async () => {
    const notes = at('notes.json');
    const nodule = { value: '27925004', scheme: 'SCT', meaning: 'Nodule' };
    await writeFile(
      notes,
      JSON.stringify({
        segments: [
          { label: 'a', values: [1], type: 'liver' },
          { label: 'b', values: [4], type: nodule },
        ],
      }),
    );
    const { segments } = await json<Converted>([
      'convert',
      at('mask.nii.gz'),
      '--series',
      images,
      '--output',
      at('coded.dcm'),
      '--segments',
      notes,
    ]);
    expect(segments.map(({ type }) => type)).toEqual(['Liver', 'Nodule']);
    const attempt = async (content: unknown): Promise<string> => {
      await writeFile(notes, JSON.stringify(content));
      return fails(at('mask.nii.gz'), '--series', images, '--output', at('coded.dcm'), '--segments', notes);
    };
    expect(await attempt({ segments: [{ label: 'a', values: [1], type: 'thing' }] })).toContain(
      'found thing as the type of a',
    );
    expect(await attempt({ segments: [{ label: 'a', values: [1] }] })).toBe(
      'error: labels: found the value 4, which no segment has, expected 0, 1.',
    );
    expect(await attempt({ segments: [{ label: 'a' }] })).toContain('--segments: found a without values');
    expect(await attempt({ segments: [{ label: 'a', tint: [1, 2, 3] }] })).toContain(
      'found entry 1 with tint, expected only label, values',
    );
    expect(await attempt({ segments: [{ label: 'a', color: [1, 2, 300] }] })).toContain(
      'with the color [1,2,300], expected three numbers from 0 to 255.',
    );
    expect(await attempt({})).toContain('found no list');
  });

  it('takes a series of images to NIfTI', async () => {
    expect(await json(['convert', images, '--output', at('image.nii.gz')])).toMatchObject({
      shape: [...imageShape],
      spacing: [2, 2, close(8)],
    });
    const { data, affine: found } = await readNifti(at('image.nii.gz'));
    expect(found).toEqual(grid);
    // The value at column 9, row 4 of the third slice from below.
    expect(data[9 + columns * (4 + rows * 2)]).toBe((9 * 7 + 4 * 5 + 2 * 31) % 700);
  });

  it('leaves no trace of the patient anywhere but in a SEG, and not there with --anonymize', async () => {
    const written = await intersegHere('convert', at('mask.nii.gz'), '--series', images, '--output', at('own.dcm'));
    expect((await readFile(at('own.dcm'))).includes(patient.name)).toBe(true);
    const outputs = ['anonymous.dcm', 'from.nii', 'image.nii'];
    const logs = [
      written,
      await intersegHere(
        'convert',
        at('mask.nii.gz'),
        '--series',
        images,
        '--output',
        at(outputs[0]!),
        '--anonymize',
        '--json',
      ),
      await intersegHere('convert', at('own.dcm'), '--series', images, '--output', at(outputs[1]!)),
      await intersegHere('convert', images, '--output', at(outputs[2]!)),
      await intersegHere(
        'convert',
        at('mask.nii.gz'),
        '--series',
        at('several', 'b'),
        '--output',
        at('none.dcm'),
        '--debug',
      ),
    ];
    expect(logs.map(({ status }) => status)).toEqual([0, 0, 0, 0, 2]);
    const texts = [
      ...logs.flatMap(({ stdout, stderr }) => [stdout, stderr]),
      ...(await Promise.all(outputs.map((name) => readFile(at(name), 'latin1')))),
    ];
    for (const value of Object.values(patient)) {
      for (const part of [value, ...value.split('^')]) {
        for (const text of texts) expect(text.includes(part), part).toBe(false);
      }
    }
    expect(await readdir(folder)).not.toContain('none.dcm');
  });

  it('says in one sentence what is wrong', async () => {
    const mask = at('mask.nii.gz');
    expect(await fails(mask, '--output', at('x.dcm'))).toBe(
      'error: --series: found none, expected the images of the label map.',
    );
    expect(await fails(mask, '--output', at('x.nii'), '--series', images)).toContain(
      'expected a name that ends in .dcm.',
    );
    expect(await fails(images, '--output', at('x.dcm'))).toContain('expected a name that ends in .nii or .nii.gz.');
    expect(await fails(images, '--output', at('x.nii'), '--labels', '1=a')).toBe(
      'error: --labels: found it with images, expected it with masks only.',
    );
    expect(await fails(at('seg.dcm'), '--output', at('x.nii'), '--anonymize')).toContain(
      '--anonymize: found it without a DICOM SEG to write',
    );
    expect(await fails(at('several'), '--output', at('x.nii'))).toMatch(
      /found series 1 \(4 files, .*\), series 2 \(4 files, .*\), expected one\.$/,
    );
    expect(await fails(mask, '--output', at('x.dcm'), '--series', at('several', 'b'))).toBe(
      `error: ${mask}: found the label 1 outside of the series, expected all labels within it.`,
    );
    expect(await fails(at('seg.dcm'), '--output', at('x.nii'), '--series', at('several', 'b'))).toContain(
      'of which none fits',
    );
    expect(await fails(at('seg.dcm'), '--output', at('x.nii'), '--labels', '1=heart')).toContain(
      'found no segment heart, expected some of left kidney, enhancing part.',
    );
  });
});
