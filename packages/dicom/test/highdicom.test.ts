import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../tools/build/python.ts';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import { AttributeReader } from '../src/encoding/attribute-reader.ts';
import {
  bytesSource,
  describeSegments,
  parseInstance,
  findTerms,
  knownTerms,
  readSegmentation,
  writeFractionalSegmentation,
  writeSegmentation,
} from '../src/index.ts';
import { arrangedSeries, lopsidedLabels, normalOf, orientations, syntheticFiles } from './synthetic-series.ts';

/** A cross-check with highdicom and pydicom, which share nothing with ours. */
const python = await findPython(['highdicom', 'pydicom', 'numpy']);
const folder = await temporaryFolder();
const shape = [13, 7, 5] as const;
const { segments } = describeSegments([
  { name: 'liver', values: [1] },
  { name: 'left kidney', values: [2] },
  { name: 'class 3', values: [3] },
]);

/** Files of a series on disk, in an order that says nothing about that of the slices. */
async function writtenSeries(name: string, orientation: readonly number[], gap: number) {
  const step = normalOf(orientation).map((value) => gap * value);
  const files = syntheticFiles({ shape, orientation, spacing: [0.7, 1.3], step, seed: name });
  await mkdir(join(folder, name), { recursive: true });
  for (const [index, file] of files.entries()) await writeFile(join(folder, name, `${(index * 3) % 5}.dcm`), file);
  return arrangedSeries(files);
}

/** The images of a folder, sorted by where they lie. */
const sortedImages = `
def images(folder):
    found = [pydicom.dcmread(f) for f in glob.glob(folder + '/*.dcm')]
    o = [float(v) for v in found[0].ImageOrientationPatient]
    normal = numpy.cross(o[:3], o[3:])
    return sorted(found, key=lambda d: numpy.dot(normal, [float(v) for v in d.ImagePositionPatient]))
`;

const readScript = `
import glob, json, sys, numpy, pydicom, highdicom
${sortedImages}
out = []
for folder in sys.argv[1:]:
    sources = images(folder)
    uids = [d.SOPInstanceUID for d in sources]
    seg = highdicom.seg.segread(folder + '.seg')
    fractional = highdicom.seg.segread(folder + '.fractional')
    labels = seg.get_pixels_by_source_instance(uids, combine_segments=True, assert_missing_frames_are_empty=True)
    parts = fractional.get_pixels_by_source_instance(uids, assert_missing_frames_are_empty=True, rescale_fractional=True)
    volume = seg.get_volume(combine_segments=True)
    first = numpy.flatnonzero(labels.reshape(len(uids), -1).any(axis=1))[0]
    out.append({'labels': labels.ravel().tolist(), 'parts': numpy.moveaxis(parts, -1, 0).ravel().tolist(),
        'volume': volume.array.ravel().tolist(),
        'descriptions': [seg.get_segment_description(n).segment_label for n in seg.segment_numbers],
        'types': [seg.get_segment_description(n).segmented_property_type.meaning for n in seg.segment_numbers],
        'patient': str(seg.PatientName), 'positions': volume.spatial_shape[0]})
print(json.dumps(out))
`;

const writeScript = `
import glob, json, sys, numpy, pydicom, highdicom
from pydicom.sr.codedict import codes
from pydicom.pixels.encoders import RLELosslessEncoder
${sortedImages}
folder, labels = sys.argv[1], numpy.array(json.loads(sys.argv[2]), dtype=numpy.uint8)
sources = images(folder)
mask = labels.reshape(len(sources), sources[0].Rows, sources[0].Columns)
algorithm = highdicom.AlgorithmIdentificationSequence('other', codes.DCM.ArtificialIntelligence, '1')
described = [highdicom.seg.SegmentDescription(n, 'part %d' % n, codes.SCT.Tissue, codes.SCT.Liver, 'AUTOMATIC', algorithm) for n in (1, 2, 3)]
# Where GDCM is installed, pydicom would take its encoder, which fails on some sizes.
if 'gdcm' in RLELosslessEncoder.available_plugins: RLELosslessEncoder.remove_plugin('gdcm')
def write(name, sources, pixels, kind, **more):
    highdicom.seg.Segmentation(sources, pixels, kind, described, highdicom.UID(), 1, highdicom.UID(), 1, 'maker', 'model', '1', '1', **more).save_as(folder + name)
write('.binary', sources, mask, 'BINARY')
write('.all', sources, mask, 'BINARY', omit_empty_frames=False)
# Its frames in the opposite order: only the positions say so.
write('.reversed', sources[::-1], mask[::-1], 'BINARY')
write('.fractions', sources, numpy.stack([(mask == n) * 0.75 for n in (1, 2, 3)], axis=-1), 'FRACTIONAL', max_fractional_value=200)
write('.labelmap', sources, mask, 'LABELMAP')
write('.rle', sources, mask, 'LABELMAP', transfer_syntax_uid=pydicom.uid.RLELossless)
print('[]')
`;

describe.skipIf(python.skipped)(python.skipped ? `highdicom (skipped: ${python.reason})` : 'highdicom', () => {
  it('is there', () => {
    expect(python.reason).toBe('');
  });

  it('reads what we write: slices in both orders and all orientations, non-square pixels', async () => {
    const names: string[] = [];
    const wanted: Uint8Array[] = [];
    for (const [name, orientation] of Object.entries(orientations)) {
      for (const gap of [2.5, -2.5]) {
        const series = await writtenSeries(`${name} ${gap}`, orientation, gap);
        const labels = lopsidedLabels(series.geometry.shape);
        const parts = segments.map((_, index) => Float32Array.from(labels, (label) => (label === index + 1 ? 0.8 : 0)));
        await writeFile(join(folder, `${name} ${gap}.seg`), writeSegmentation(series, labels, segments));
        await writeFile(
          join(folder, `${name} ${gap}.fractional`),
          writeFractionalSegmentation(series, parts, segments),
        );
        names.push(`${name} ${gap}`);
        wanted.push(labels);
      }
    }
    const found = await python.run<
      {
        labels: number[];
        parts: number[];
        volume: number[];
        descriptions: string[];
        types: string[];
        patient: string;
        positions: number;
      }[]
    >(
      readScript,
      names.map((name) => join(folder, name)),
    );
    found.forEach((one, index) => {
      const labels = wanted[index]!;
      expect(one.labels, names[index]).toEqual([...labels]);
      const parts = [1, 2, 3].flatMap((number) => Array.from(labels, (label) => (label === number ? 0.8 : 0)));
      one.parts.forEach((value, voxel) => expect(value).toBeCloseTo(parts[voxel]!, 6));
      expect(one.descriptions).toEqual(['liver', 'left kidney', 'class 3']);
      expect(one.types).toEqual(['Liver', 'Kidney', 'Tissue']);
      expect(one.patient).toBe('Doe^Jane');
      // As a volume, by positions alone; the last slice is empty, and slices may come from either end.
      expect(one.positions).toBe(4);
      const slices = Array.from({ length: 4 }, (_, k) => one.volume.slice(k * 91, (k + 1) * 91));
      const own = Array.from({ length: 4 }, (_, k) => [...labels.subarray(k * 91, (k + 1) * 91)]);
      expect([own, [...own].reverse()]).toContainEqual(slices);
    });
  });

  it('writes what we read: BINARY, FRACTIONAL and LABELMAP, with and without empty frames, in any order', async () => {
    for (const [name, orientation] of Object.entries(orientations)) {
      const series = await writtenSeries(`from ${name}`, orientation, 2.5);
      const labels = lopsidedLabels(series.geometry.shape);
      await python.run(writeScript, [join(folder, `from ${name}`), JSON.stringify([...labels])]);
      for (const kind of ['binary', 'all', 'reversed', 'fractions', 'labelmap', 'rle']) {
        const bytes = new Uint8Array(await readFile(join(folder, `from ${name}.${kind}`)));
        const found = await readSegmentation(bytes, { series });
        expect(found.labels, `${name}, ${kind}`).toEqual(labels);
        expect(found.segments.find(({ number }) => number === 1)).toMatchObject({
          label: 'part 1',
          type: { value: '10200004' },
        });
        const own = await readSegmentation(bytes);
        expect(own.labels.filter((label) => label > 0).length).toBe(labels.filter((label) => label > 0).length);
      }
    }
  });

  it('has files in all character sets, whose names we read as pydicom does', async () => {
    const script = `
import json, pydicom
from pydicom.data import get_charset_files
files = [f for f in get_charset_files('*.dcm')]
print(json.dumps([[f, str(pydicom.dcmread(f, force=True).get('PatientName', ''))] for f in files]))
`;
    const files = await python.run<[string, string][]>(script, []);
    expect(files.length).toBeGreaterThan(10);
    for (const [path, name] of files) {
      const { dataSet } = await parseInstance(bytesSource(path, new Uint8Array(await readFile(path))));
      const found = new AttributeReader(dataSet).text('PatientName') ?? '';
      // pydicom drops empty groups at the end.
      expect(found.replace(/=+$/, ''), path).toBe(name);
    }
  });

  it('has the codes of our table, with these meanings', async () => {
    const script = `
import json, sys
from pydicom.sr._concepts_dict import concepts
known = {value: meaning for entries in concepts['SCT'].values() for value, (meaning, cids) in entries.items() if 7151 in cids or 7150 in cids or 244 in cids}
print(json.dumps({value: known.get(value) for value in json.loads(sys.argv[1])}))
`;
    const terms = [...knownTerms(), 'left kidney', 'right kidney'].flatMap((name) => {
      const { category, type, modifier } = findTerms(name)!;
      return [category, type, ...(modifier ? [modifier] : [])];
    });
    const known = await python.run<Record<string, string | null>>(script, [
      JSON.stringify(terms.map(({ value }) => value)),
    ]);
    for (const { value, meaning } of terms) expect(known[value], `${value} ${meaning}`).toBe(meaning);
  });
});
