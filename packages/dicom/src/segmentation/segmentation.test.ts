import dicomParser from 'dicom-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  lopsidedLabels,
  normalOf,
  orientations,
  syntheticFiles,
  syntheticSeries,
  arrangedSeries,
} from '../../test/synthetic-series.ts';
import { AttributeReader } from '../encoding/attribute-reader.ts';
import { describeSegments, readSegmentation, writeFractionalSegmentation, writeSegmentation } from '../index.ts';

const { segments } = describeSegments([
  { name: 'liver', values: [1] },
  { name: 'left kidney', values: [2] },
  { name: 'something', values: [3] },
]);
const shape = [13, 7, 5] as const;
const read = (file: Uint8Array): AttributeReader => new AttributeReader(dicomParser.parseDicom(file));

describe.each(Object.entries(orientations))('a label map on %s slices', (_, orientation) => {
  it.each([
    ['upwards', 2.5],
    ['downwards', -2.5],
  ])('comes back as it was, with files in the order %s', async (_order, gap) => {
    const step = normalOf(orientation).map((value) => value * gap);
    const series = await syntheticSeries({ shape, orientation, spacing: [0.7, 1.3], step });
    const labels = lopsidedLabels(series.geometry.shape);
    const file = writeSegmentation(series, labels, segments);
    const found = await readSegmentation(file, { series });
    expect(found.labels).toEqual(labels);
    expect(found).toMatchObject({ shape: [...shape], affine: series.geometry.affine, overlaps: [] });
    expect(found.segments.map(({ label }) => label)).toEqual(['liver', 'left kidney', 'something']);
    // Each frame says where its own image lies, and nothing else.
    const object = read(file);
    const frames = object.items('PerFrameFunctionalGroupsSequence');
    expect(frames.length).toBe(object.number('NumberOfFrames'));
    for (const frame of frames) {
      const source = frame.items('DerivationImageSequence')[0]!.items('SourceImageSequence')[0]!;
      const slice = series.slices.findIndex(
        ({ instance }) => instance.sopInstance === source.text('ReferencedSOPInstanceUID'),
      );
      expect(frame.items('PlanePositionSequence')[0]!.numbers('ImagePositionPatient')).toEqual(
        series.slices[slice]!.position,
      );
      const segment = frame.items('SegmentIdentificationSequence')[0]!.number('ReferencedSegmentNumber')!;
      const inSlice = labels.subarray(slice * shape[0] * shape[1], (slice + 1) * shape[0] * shape[1]);
      expect(inSlice.includes(segment)).toBe(true);
    }
    // Without the series, the grid is that of the frames: cut to where segments are.
    const own = await readSegmentation(file);
    expect(own.shape).toEqual([13, 7, 4]);
    own.affine.flat().forEach((value, index) => expect(value).toBeCloseTo(series.geometry.affine.flat()[index]!, 6));
    expect(own.labels).toEqual(labels.subarray(0, 13 * 7 * 4));
    // The last slice is empty; that is what the others are counted without.
    expect(labels.subarray(13 * 7 * 4).every((label) => label === 0)).toBe(true);
  });
});

it('any label map comes back, whatever the size of its slices', async () => {
  const extent = fc.integer({ min: 1, max: 11 });
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(extent, extent, fc.integer({ min: 1, max: 4 })),
      fc.infiniteStream(fc.integer({ min: 0, max: 3 })),
      async (size, values) => {
        const series = await syntheticSeries({ shape: size });
        const labels = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => values.next().value as number);
        expect((await readSegmentation(writeSegmentation(series, labels, segments), { series })).labels).toEqual(
          labels,
        );
      },
    ),
    { numRuns: 60 },
  );
});

describe('what is written', () => {
  it('has frames only where a segment is, and one empty frame where none is', async () => {
    const series = await syntheticSeries({ shape });
    const labels = new Uint8Array(13 * 7 * 5);
    expect(read(writeSegmentation(series, labels, segments)).number('NumberOfFrames')).toBe(1);
    expect((await readSegmentation(writeSegmentation(series, labels, segments), { series })).labels).toEqual(labels);
    labels[13 * 7 * 3] = 2;
    const one = read(writeSegmentation(series, labels, segments));
    expect(one.number('NumberOfFrames')).toBe(1);
    const [frame] = one.items('PerFrameFunctionalGroupsSequence');
    expect(frame!.items('PlanePositionSequence')[0]!.numbers('ImagePositionPatient')).toEqual([-20, 15.5, 37]);
    expect(frame!.items('FrameContentSequence')[0]!.numbers('DimensionIndexValues')).toEqual([2, 1]);
  });

  it('has overlapping classes as overlapping segments, which reading names', async () => {
    const series = await syntheticSeries({ shape });
    const { segments: nested } = describeSegments([
      { name: 'whole', values: [1, 2] },
      { name: 'core', values: [2] },
    ]);
    const labels = new Uint8Array(13 * 7 * 5);
    labels.fill(1, 10, 20).fill(2, 14, 17);
    const file = writeSegmentation(series, labels, nested);
    expect(read(file).text('SegmentsOverlap')).toBe('YES');
    const found = await readSegmentation(file, { series });
    expect(found.overlaps).toEqual([{ segments: [1, 2], voxels: 3 }]);
    expect(found.labels).toEqual(labels);
    const whole = await readSegmentation(file, { series, only: ['whole'] });
    expect(whole.labels).toEqual(labels.map((value) => Math.min(value, 1)));
    expect(whole.overlaps).toEqual([]);
    await expect(readSegmentation(file, { series, only: ['tail'] })).rejects.toThrow(
      'segmentation: found no segment tail, expected some of whole, core.',
    );
  });

  it('has probabilities in steps of 1/255, of which one half and more count', async () => {
    const series = await syntheticSeries({ shape: [5, 3, 2] });
    const first = Float32Array.from({ length: 30 }, (_, index) => index / 29);
    const second = first.map((value) => (value > 0.9 ? 1 : 0));
    const file = writeFractionalSegmentation(series, [first, second], segments.slice(0, 2));
    const object = read(file);
    expect(object.number('MaximumFractionalValue')).toBe(255);
    expect(object.text('SegmentationFractionalType')).toBe('PROBABILITY');
    // The second is in the second slice alone.
    expect(object.number('NumberOfFrames')).toBe(3);
    expect([...object.bytes('PixelData').subarray(0, 30)]).toEqual(
      Array.from(first, (value) => Math.round(value * 255)),
    );
    const found = await readSegmentation(file, { series });
    expect(found.kind).toBe('FRACTIONAL');
    expect([...found.labels]).toEqual(Array.from(first, (value, i) => (second[i] === 1 ? 2 : value >= 0.5 ? 1 : 0)));
  });

  it('says what segments are', async () => {
    const series = await syntheticSeries({ shape });
    const { segments: described, unknown } = describeSegments(
      [
        { name: 'right kidney', values: [1] },
        { name: 'spot', values: [2] },
        { name: 'class 3', values: [3] },
      ],
      [
        {
          label: 'spot',
          type: 'lesion',
          color: [10, 200, 30],
          algorithmType: 'MANUAL',
          algorithmName: '',
          description: 'Ödem?',
        },
      ],
      'InterSeg twi-unet',
    );
    expect(unknown).toEqual(['class 3']);
    const { segments: found } = await readSegmentation(
      writeSegmentation(series, lopsidedLabels(series.geometry.shape), described),
    );
    expect(found).toMatchObject([
      {
        number: 1,
        label: 'right kidney',
        category: { value: '91723000' },
        type: { value: '64033007', scheme: 'SCT', meaning: 'Kidney' },
        modifier: { value: '24028007', scheme: 'SCT', meaning: 'Right' },
        algorithmType: 'AUTOMATIC',
        algorithmName: 'InterSeg twi-unet',
        color: described[0]!.color,
      },
      {
        number: 2,
        label: 'spot',
        description: 'Ödem?',
        category: { value: '49755003' },
        type: { value: '52988006', meaning: 'Lesion' },
        algorithmType: 'MANUAL',
        color: [10, 200, 30],
      },
      { number: 3, category: { meaning: 'Tissue' }, type: { meaning: 'Tissue' } },
    ]);
    expect(found[1]!.algorithmName).toBeUndefined();
  });

  it('is the same bytes for the same seed and date', async () => {
    const series = await syntheticSeries({ shape });
    const labels = lopsidedLabels(series.geometry.shape);
    const options = { seed: 'run 1', date: new Date(2026, 0, 2, 3, 4, 5) };
    const file = writeSegmentation(series, labels, segments, options);
    expect(writeSegmentation(series, labels, segments, options)).toEqual(file);
    expect(writeSegmentation(series, labels, segments, { ...options, seed: 'run 2' })).not.toEqual(file);
    expect(read(file).text('ContentDate')).toBe('20260102');
    expect(read(file).text('ContentTime')).toBe('030405');
    const [one, two] = [0, 1].map(() => read(writeSegmentation(series, labels, segments)).text('SOPInstanceUID'));
    expect(one).not.toBe(two);
  });
});

describe('patient and study', () => {
  const secrets = {
    PatientName: 'Müller-Geheim^Zoë',
    PatientID: 'PID-08154711',
    PatientBirthDate: '19690420',
    PatientSex: 'O',
    PatientAge: '055Y',
    PatientComments: 'allergic to cats',
    OtherPatientNames: 'Geheimrat',
    StudyDate: '20231224',
    StudyTime: '174233',
    StudyDescription: 'Schädel nativ',
    AccessionNumber: 'ACC0815',
    StudyID: 'S-99',
    ReferringPhysicianName: 'Doktor^Wer',
    ClinicalTrialSubjectID: 'SUBJ-77',
  };

  it('are those of the images, in UTF-8', async () => {
    const series = await syntheticSeries({ shape, attributes: secrets });
    const object = read(writeSegmentation(series, lopsidedLabels(series.geometry.shape), segments));
    for (const [keyword, value] of Object.entries(secrets)) {
      expect(object.text(keyword as keyof typeof secrets), keyword).toBe(value);
    }
    const { instance } = series.slices[0]!;
    expect(object.text('StudyInstanceUID')).toBe(instance.study);
    expect(object.text('FrameOfReferenceUID')).toBe(instance.frameOfReference);
    expect(object.items('ReferencedSeriesSequence')[0]!.text('SeriesInstanceUID')).toBe(instance.series);
    expect(object.has('PatientWeight')).toBe(false);
  });

  it('are read in the character set of the images', async () => {
    const latin = syntheticFiles({ shape, attributes: { SpecificCharacterSet: 'ISO_IR 100', PatientName: 'M#ller' } });
    // 0xfc is ü in Latin 1; the encoder writes UTF-8 only.
    for (const file of latin) file[Buffer.from(file).indexOf('M#ller') + 1] = 0xfc;
    const series = await arrangedSeries(latin);
    const object = read(writeSegmentation(series, lopsidedLabels(series.geometry.shape), segments));
    expect(object.text('SpecificCharacterSet')).toBe('ISO_IR 192');
    expect(object.text('PatientName')).toBe('Müller');
  });

  it('leave no trace when anonymised', async () => {
    const series = await syntheticSeries({ shape, attributes: secrets });
    const labels = lopsidedLabels(series.geometry.shape);
    const file = writeSegmentation(series, labels, segments, { anonymize: 'secret', date: new Date(2026, 5, 7) });
    const content = Buffer.from(file);
    const uids = series.slices.flatMap(({ instance }) => [instance.sopInstance, instance.series, instance.study]);
    for (const value of [
      ...Object.values(secrets),
      ...uids,
      series.slices[0]!.instance.frameOfReference!,
      '20260607',
    ]) {
      // A sex of one letter is in every file.
      if (value.length > 1) expect(content.includes(value), value).toBe(false);
    }
    const object = read(file);
    expect(object.texts('PatientSex')).toEqual([]);
    expect(object.text('PatientIdentityRemoved')).toBe('YES');
    expect(object.items('DeidentificationMethodCodeSequence')[0]!.text('CodeValue')).toBe('113100');
    // References stay consistent: frames refer to images of the list.
    const listed = object
      .items('ReferencedSeriesSequence')[0]!
      .items('ReferencedInstanceSequence')
      .map((item) => item.text('ReferencedSOPInstanceUID'));
    expect(new Set(listed).size).toBe(5);
    for (const frame of object.items('PerFrameFunctionalGroupsSequence')) {
      const source = frame.items('DerivationImageSequence')[0]!.items('SourceImageSequence')[0]!;
      expect(listed).toContain(source.text('ReferencedSOPInstanceUID'));
    }
    // Its voxels are where they were.
    expect((await readSegmentation(file)).labels).toEqual(labels.subarray(0, 13 * 7 * 4));
    await expect(readSegmentation(file, { series })).rejects.toThrow('found a segmentation of another series');
    const other = read(writeSegmentation(series, labels, segments, { anonymize: true }));
    expect(other.text('StudyInstanceUID')).not.toBe(object.text('StudyInstanceUID'));
  });
});
