import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { dicomFile, slice, stack, type Element } from '../../test/handmade.ts';
import { zipOf } from '@interseg/files';
import { bytesSource, findSeries, groupSeries, holdsDicom, readSeries, zipSources } from '../index.ts';

const sources = (files: readonly Uint8Array[]) => files.map((bytes, index) => bytesSource(`${index}.dcm`, bytes));

const numbered = (number: string): Element[] => [[0x00200011, 'IS', number]];

describe('groupSeries', () => {
  it('groups by series, in the order of their numbers', async () => {
    const { series, leftOut } = await groupSeries(
      sources([
        ...stack(2, () => ({ series: '1.9', more: numbered('12') })),
        ...stack(3, () => ({ series: '1.8', modality: 'MR', more: numbered('3') })),
        slice({ series: '1.7', without: [0x00200011] }),
      ]),
    );
    expect(leftOut).toEqual([]);
    expect(series.map(({ uid, number, modality, instances }) => [uid, number, modality, instances.length])).toEqual([
      ['1.8', 3, 'MR', 3],
      ['1.9', 12, 'CT', 2],
      ['1.7', undefined, 'CT', 1],
    ]);
  });

  it('leaves out what is no slice, with the reason', async () => {
    const { series, leftOut } = await groupSeries(
      sources([
        slice(),
        slice({ more: [[0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', 'LOCALIZER']]] }),
        slice({ more: [[0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.66.4']] }),
        dicomFile([[0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.88.11']]),
        Buffer.from('Scanned on a Monday.'),
        slice().subarray(0, 395),
      ]),
    );
    expect(series).toHaveLength(1);
    expect(leftOut.map(({ name, reason }) => [name, reason])).toEqual([
      ['1.dcm', 'a localizer'],
      ['2.dcm', 'a segmentation'],
      ['3.dcm', 'an object without pixels'],
      ['4.dcm', "found no 'DICM' after 128 bytes, expected a DICOM file"],
      ['5.dcm', 'found damaged elements, expected a DICOM file'],
    ]);
    expect(leftOut[1]!.instance?.sopClass).toBe('1.2.840.10008.5.1.4.1.1.66.4');
  });

  it('says what is wrong with the only file', async () => {
    await expect(groupSeries(sources([Buffer.from('no')]))).rejects.toThrow(
      "0.dcm: found no 'DICM' after 128 bytes, expected a DICOM file.",
    );
  });

  it('reads headers that are longer than what it reads first', async () => {
    const long = new Uint8Array(300_000).fill(1);
    const { series } = await groupSeries(sources([slice({ more: [[0x00091001, 'OB', long]] })]));
    expect(series[0]!.instances[0]!.rows).toBe(2);
  });

  it('decodes descriptions as the file says', async () => {
    const describe_ = async (set: string, text: Uint8Array): Promise<string | undefined> => {
      const file = slice({
        more: [
          [0x00080005, 'CS', set],
          [0x0008103e, 'LO', text],
        ],
      });
      return (await groupSeries(sources([file]))).series[0]!.description;
    };
    expect(await describe_('ISO_IR 192', Buffer.from('Schädel '))).toBe('Schädel');
    expect(await describe_('ISO_IR 100', Buffer.from('Schädel ', 'latin1'))).toBe('Schädel');
  });
});

describe('findSeries', () => {
  it('looks through folders in folders, and at files', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    const [first, second, third] = stack(3) as [Buffer, Buffer, Buffer];
    await writeFile(join(folder, 'a', 'IM1'), first);
    await writeFile(join(folder, 'a', 'b', 'IM2.dcm'), second);
    await writeFile(join(folder, 'a', '.hidden'), third);
    const whole = await findSeries(folder);
    expect(whole.series[0]!.instances.map(({ name }) => name)).toEqual([
      join(folder, 'a', 'IM1'),
      join(folder, 'a', 'b', 'IM2.dcm'),
    ]);
    const files = await findSeries([join(folder, 'a', 'b', 'IM2.dcm')]);
    expect(files.series[0]!.instances).toHaveLength(1);
  });

  it('looks into zip archives', async () => {
    const folder = await temporaryFolder();
    const files = stack(3).map((bytes, index) => [`scan/IM${index}`, Uint8Array.from(bytes)] as const);
    const hidden = [
      ['__MACOSX/scan/._IM0', Uint8Array.of(0)],
      ['scan/.DS_Store', Uint8Array.of(0)],
    ] as const;
    const archive = zipOf(Object.fromEntries([...files, ...hidden]));
    await writeFile(join(folder, 'scan.zip'), Buffer.from(await archive.arrayBuffer()));
    expect(await holdsDicom(join(folder, 'scan.zip'))).toBe(true);
    const { series, leftOut } = await findSeries(folder);
    expect(leftOut).toEqual([]);
    expect(series[0]!.instances[2]!.name).toBe(join(folder, 'scan.zip', 'scan', 'IM2'));
    expect((await readSeries(series[0]!)).shape).toEqual([3, 2, 3]);
    expect((await groupSeries(await zipSources(archive, 'scan.zip'))).series).toHaveLength(1);
  });

  it('names a folder that is missing', async () => {
    await expect(findSeries('/nowhere/at/all')).rejects.toThrow(
      '/nowhere/at/all: no such file, expected a DICOM file, a folder or a zip archive of them.',
    );
  });
});
