import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import {
  describeSegments,
  findSeries,
  seriesGeometry,
  writeFractionalSegmentation,
  writeSegmentation,
} from '../src/index.ts';
import { papayaFolder } from './papaya.ts';
import { lopsidedLabels, syntheticSeries } from './synthetic-series.ts';

const run = promisify(execFile);
const folder = await temporaryFolder();

/** Whether a program of Debian is there; its tests are left out, with the reason, where it is not. */
async function isThere(program: string): Promise<boolean> {
  const found = await run(program, []).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!found) console.warn(`The check with ${program} is skipped: it is not installed.`);
  return found;
}

const hasValidator = await isThere('dciodvfy');
const hasDump = await isThere('dcmdump');

const { segments } = describeSegments([
  { name: 'left lung', values: [1] },
  { name: 'tumour', values: [2, 3] },
  { name: 'Überrest', values: [3] },
]);

async function objects(): Promise<Record<string, Uint8Array>> {
  const plain = await syntheticSeries({ shape: [13, 7, 5] });
  const trial = await syntheticSeries({
    shape: [8, 8, 3],
    orientation: [2 / 3, 2 / 3, -1 / 3, -1 / 3, 2 / 3, 2 / 3],
    attributes: {
      PatientName: 'Müller^Zoë=山田^太郎',
      PatientAge: '055Y',
      PatientWeight: 61.235,
      StudyDescription: 'Schädel',
      ClinicalTrialSponsorName: 'nobody',
      ClinicalTrialProtocolID: 'P1',
      ClinicalTrialProtocolName: '',
      ClinicalTrialSiteID: '',
      ClinicalTrialSiteName: '',
      ClinicalTrialSubjectID: 'S1',
      LossyImageCompression: '01',
      LossyImageCompressionRatio: 12.5,
      LossyImageCompressionMethod: 'ISO_10918_1',
    },
  });
  const real = seriesGeometry((await findSeries(papayaFolder)).series[0]!);
  const labels = lopsidedLabels([13, 7, 5]);
  const parts = segments.map((_, index) => Float32Array.from(labels, (label) => label / (4 + index)));
  return {
    binary: writeSegmentation(plain, labels, segments),
    empty: writeSegmentation(plain, new Uint8Array(13 * 7 * 5), segments),
    fractional: writeFractionalSegmentation(plain, parts, segments),
    trial: writeSegmentation(trial, lopsidedLabels([8, 8, 3]), segments),
    anonymous: writeSegmentation(trial, lopsidedLabels([8, 8, 3]), segments, { anonymize: true }),
    // The identifiers of its images are not valid ones, so they are replaced.
    real: writeSegmentation(real, lopsidedLabels(real.geometry.shape), segments, { anonymize: true }),
  };
}

describe.skipIf(!hasValidator)(hasValidator ? 'dciodvfy' : 'dciodvfy (skipped: it is not installed)', () => {
  it('finds no error', async () => {
    for (const [name, bytes] of Object.entries(await objects())) {
      const path = join(folder, `${name}.dcm`);
      await writeFile(path, bytes);
      const { stdout, stderr } = await run('dciodvfy', [path]);
      const lines = `${stdout}${stderr}`.split('\n');
      expect(lines, name).toContain('Segmentation');
      expect(
        lines.filter((line) => line.startsWith('Error')),
        name,
      ).toEqual([]);
    }
  });

  it('finds the errors that there are', async () => {
    // A type of segmentation that does not exist: BINARY, with another letter.
    const bytes = (await objects())['binary']!;
    bytes[Buffer.from(bytes).indexOf('BINARY') + 1] = 0x4f;
    const path = join(folder, 'wrong.dcm');
    await writeFile(path, bytes);
    const output = await run('dciodvfy', [path]).catch((error: { stdout: string; stderr: string }) => error);
    expect(`${output.stdout}${output.stderr}`).toContain('Error');
  });
});

describe.skipIf(!hasDump)(hasDump ? 'dcmdump' : 'dcmdump (skipped: it is not installed)', () => {
  it('reads every element', async () => {
    for (const [name, bytes] of Object.entries(await objects())) {
      const path = join(folder, `${name}-dump.dcm`);
      await writeFile(path, bytes);
      const { stdout, stderr } = await run('dcmdump', ['+P', 'SegmentLabel', '+P', 'NumberOfFrames', path]);
      expect(stderr, name).toBe('');
      expect(stdout, name).toMatch(/SegmentLabel/);
      expect(stdout, name).toMatch(/NumberOfFrames/);
    }
  });
});
