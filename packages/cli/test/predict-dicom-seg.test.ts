import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { setBackend } from '@tensorflow/tfjs-core';
import { findSeries, parseInstance, bytesSource, readSegmentation, seriesGeometry } from '@interseg/dicom';
import { readNifti } from '@interseg/nifti';
import { beforeAll, describe, expect, it } from 'vitest';
import { saveBrightNetwork } from './bright-network.ts';
import { imageShape, patient, writeImages } from './dicom-images.ts';
import { intersegHere, temporaryFolder } from './support.ts';

const root = await temporaryFolder();
const at = (...names: string[]): string => join(root, ...names);
const [columns, rows] = imageShape;
const images = at('images');
/** Bright in a part of each slice that differs from slice to slice, and nowhere in the last. */
const bright = (i: number, j: number, k: number): number =>
  i >= 4 && i < 9 + 6 * k && j >= 3 && j < 6 + k && k < 3 ? 900 : 30;

const classes = [
  { name: 'left lung', values: [2] },
  { name: 'spot', values: [5] },
];

beforeAll(async () => {
  await setBackend('cpu');
  await saveBrightNetwork(at('model'), { channels: ['T1'], classes });
  await writeImages(images, { pixel: bright });
});

const predict = (...options: string[]) =>
  intersegHere('predict', '--model', at('model'), '--engine', 'wasm', '--threshold', '0.7', ...options);
const readSeg = async (path: string) => readSegmentation(new Uint8Array(await readFile(path)));

describe('predict to DICOM SEG', () => {
  it('writes the mask that it writes as NIfTI', async () => {
    expect((await predict('--input', images, '--output', at('mask.nii'))).status).toBe(0);
    const { status, stdout, stderr } = await predict('--input', images, '--output', at('seg.dcm'));
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('note: spot has no code and is said to be tissue; --segments gives codes\n');
    expect(stdout).toMatch(/^left lung +\d+ /m);
    const mask = await readNifti(at('mask.nii'));
    const count = mask.data.filter((value) => value === 2).length;
    expect(count).toBe(5 * 3 + 11 * 4 + 17 * 5);
    const series = seriesGeometry((await findSeries(images)).series[0]!);
    const found = await readSegmentation(new Uint8Array(await readFile(at('seg.dcm'))), { series });
    // Of two classes that are equally probable, the first gets the voxel.
    expect([...found.labels]).toEqual(Array.from(mask.data, (value) => (value === 2 ? 1 : value === 5 ? 2 : 0)));
    expect(found.segments).toMatchObject([
      { label: 'left lung', type: { meaning: 'Lung' }, modifier: { meaning: 'Left' }, algorithmName: 'InterSeg unet' },
      { label: 'spot', type: { meaning: 'Tissue' } },
    ]);
    // The first slice with a voxel is the lowest one, and it has the fewest.
    const perSlice = [0, 1, 2, 3].map(
      (k) => found.labels.subarray(k * columns * rows, (k + 1) * columns * rows).filter((label) => label === 1).length,
    );
    expect(perSlice).toEqual([15, 44, 85, 0]);
  });

  it('writes probabilities as a SEG of the type FRACTIONAL beside it', async () => {
    const { status, stdout } = await predict(
      '--input',
      images,
      '--output',
      at('with.dcm'),
      '--probabilities',
      at('parts'),
      '--json',
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ output: at('with.dcm'), probabilities: [at('parts.dcm')] });
    const { kind, labels } = await readSeg(at('parts.dcm'));
    expect(kind).toBe('FRACTIONAL');
    expect(labels.length).toBeGreaterThan(0);
  });

  it('takes codes from the model or from a file', async () => {
    const lesion = { label: 'spot', type: 'lesion', color: [250, 10, 20] };
    await saveBrightNetwork(at('coded'), { channels: ['T1'], classes, segments: [lesion] });
    const coded = (...more: string[]) =>
      intersegHere(
        'predict',
        '--model',
        at('coded'),
        '--engine',
        'wasm',
        '--input',
        images,
        '--output',
        at('coded.dcm'),
        ...more,
      );
    expect((await coded()).stderr).not.toContain('no code');
    expect((await readSeg(at('coded.dcm'))).segments[1]).toMatchObject({
      type: { meaning: 'Lesion' },
      color: [250, 10, 20],
    });
    await writeFile(at('notes.json'), JSON.stringify({ segments: [{ label: 'spot', type: 'cyst' }] }));
    expect((await coded('--segments', at('notes.json'))).status).toBe(0);
    expect((await readSeg(at('coded.dcm'))).segments[1]).toMatchObject({ type: { meaning: 'Cyst' } });
    await writeFile(at('notes.json'), JSON.stringify({ segments: [{ label: 'heart' }] }));
    const { status, stderr } = await coded('--segments', at('notes.json'));
    expect([status, stderr.trim().split('\n').at(-1)]).toEqual([
      2,
      'error: segments: found heart, which is no class, expected some of left lung, spot.',
    ]);
  });

  it('writes one for each series of a folder', async () => {
    const study = at('study');
    await mkdir(study);
    for (const series of [2, 4]) await writeImages(join(study, String(series)), { series, pixel: bright });
    const { status, stdout, stderr } = await predict(
      '--input',
      study,
      '--output',
      at('segs'),
      '--format',
      'dicom',
      '--json',
    );
    expect(status, stderr).toBe(0);
    expect((await readdir(at('segs'))).sort()).toEqual(['series-2.dcm', 'series-4.dcm']);
    expect((JSON.parse(stdout) as { cases: unknown[] }).cases).toHaveLength(2);
    for (const series of [2, 4]) {
      const { referencedSeries } = await readSeg(at('segs', `series-${series}.dcm`));
      expect(referencedSeries).toEqual([`1.2.3.${series}`]);
    }
    const again = await predict('--input', study, '--output', at('segs'), '--format', 'dicom');
    expect(again.stdout).toContain('2 skipped');
    expect((await predict('--input', study, '--series', '4', '--output', at('one'), '--format', 'dicom')).status).toBe(
      0,
    );
    expect(await readdir(at('one'))).toEqual(['series-4.dcm']);
  });

  it('leaves no trace of the patient in logs, masks and probabilities, and none in a SEG with --anonymize', async () => {
    const outputs = [at('private.nii'), at('private_left-lung.nii.gz'), at('anonymous.dcm'), at('anonymous-parts.dcm')];
    const ends = [
      await predict('--input', images, '--output', outputs[0]!, '--probabilities', at('private'), '--json'),
      await predict('--input', images, '--output', at('own.dcm')),
      await predict(
        '--input',
        images,
        '--output',
        outputs[2]!,
        '--probabilities',
        at('anonymous-parts'),
        '--anonymize',
      ),
      await predict('--input', at('study'), '--output', at('fails.dcm'), '--debug'),
      await intersegHere('data', 'inspect', images, '--json').then(({ stdout, ...rest }) => ({
        ...rest,
        // What the scanner's user wrote is shown to whoever inspects the files, and nowhere else.
        stdout: stdout.replaceAll(`series of ${patient.name}`, ''),
      })),
    ];
    expect(ends.map(({ status }) => status)).toEqual([0, 0, 0, 2, 0]);
    const own = await parseInstance(bytesSource('own', new Uint8Array(await readFile(at('own.dcm')))));
    expect(own.dataSet.string('x00100010')).toBe(patient.name);
    const contents = await Promise.all(outputs.map((path) => readFile(path)));
    const files = contents.map((bytes, index) =>
      (outputs[index]!.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'),
    );
    for (const value of Object.values(patient)) {
      for (const part of [value, ...value.split('^')]) {
        for (const text of [...files, ...ends.flatMap(({ stdout, stderr }) => [stdout, stderr])]) {
          expect(text.includes(part), part).toBe(false);
        }
      }
    }
  });

  it.each([
    [['--output', 'x.dcm'], "--output: found 'x.dcm', expected DICOM images as --input"],
    [['--output', 'x.nii', '--anonymize'], '--anonymize: found it without a DICOM SEG to write'],
    [['--output', 'x.nii', '--segments', 'y.json'], '--segments: found it without a DICOM SEG to write'],
    [['--output', 'x.nii', '--format', 'dicom'], '--format: found dicom for a file'],
  ])('refuses %j for NIfTI', async (options, message) => {
    expect((await predict('--input', images, '--output', at('same.nii'))).status).toBe(0);
    const { status, stderr } = await predict('--input', at('same.nii'), ...options);
    expect([status, stderr.trim().split('\n').at(-1)]).toEqual([2, expect.stringContaining(`error: ${message}`)]);
  });
});
