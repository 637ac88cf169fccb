import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPython } from '../../../tools/build/python.ts';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import { zipOf } from './zip-writer.ts';
import { readEntry, zipEntries } from './zip.ts';

const python = await findPython(['zipfile']);

/** Written by Python's zipfile: the folder `sub/`, `sub/a.txt` ("abc " 40 times, deflated) and `b.bin` (stored), with a comment. */
const fixture = Buffer.from(
  'UEsDBBQAAAAAAAAAIVAAAAAAAAAAAAAAAAAEAAAAc3ViL1BLAwQUAAAACAAAACFQMC8ZwwkAAACgAAAACQAAAHN1Yi9hLnR4dEtMSlZIHMQYAFBLAwQUAAAA' +
    'AAAAACFQJDiyPwQAAAAEAAAABQAAAGIuYmluAAEC/1BLAQIUAxQAAAAAAAAAIVAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAACAAQAAAABzdWIvUEsBAhQDFAAA' +
    'AAgAAAAhUDAvGcMJAAAAoAAAAAkAAAAAAAAAAAAAAIABIgAAAHN1Yi9hLnR4dFBLAQIUAxQAAAAAAAAAIVAkOLI/BAAAAAQAAAAFAAAAAAAAAAAAAACAAVIA' +
    'AABiLmJpblBLBQYAAAAAAwADAJwAAAB5AAAACQBhIGNvbW1lbnQ=',
  'base64',
);

/** The fixture with some bytes set. */
function damaged(changes: Record<number, number>): Blob {
  const bytes = Uint8Array.from(fixture);
  for (const [place, value] of Object.entries(changes)) bytes[Number(place)] = value;
  return new Blob([bytes]);
}

describe('a zip archive of Python', () => {
  const archive = new Blob([Uint8Array.from(fixture)]);

  it('has its files, deflated and stored', async () => {
    const entries = await zipEntries(archive, 'a.zip');
    expect([...entries.keys()]).toEqual(['sub/a.txt', 'b.bin']);
    const text = await readEntry(archive, entries.get('sub/a.txt')!, 'a.txt');
    expect(new TextDecoder().decode(text)).toBe('abc '.repeat(40));
    expect([...(await readEntry(archive, entries.get('b.bin')!, 'b.bin'))]).toEqual([0, 1, 2, 255]);
  });

  it('is refused where it is cut off', async () => {
    for (const length of [0, 10, 200, fixture.length - 30]) {
      await expect(zipEntries(archive.slice(0, length), 'a.zip')).rejects.toThrow(
        'a.zip: found no end of an archive, expected a zip archive.',
      );
    }
  });

  it('is refused where a byte of a file was changed', async () => {
    const place = fixture.indexOf('abc ') === -1 ? fixture.indexOf(Buffer.from([0, 1, 2, 255])) : -1;
    const changed = damaged({ [place]: 7 });
    const entries = await zipEntries(changed, 'a.zip');
    await expect(readEntry(changed, entries.get('b.bin')!, 'b.bin')).rejects.toThrow(
      'b.bin: found damaged bytes, expected a file of 4 bytes.',
    );
  });

  it('takes no more memory than its bytes can become', async () => {
    const size = fixture.indexOf('PK\x01\x02', fixture.indexOf('PK\x01\x02') + 4) + 24;
    const forged = damaged({ [size + 3]: 0x7f });
    const entries = await zipEntries(forged, 'a.zip');
    expect(entries.get('sub/a.txt')!.size).toBeGreaterThan(2 ** 30);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readEntry(forged, entries.get('sub/a.txt')!, 'a.txt')).rejects.toThrow('damaged bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });
});

describe('an archive that was written here', () => {
  const files = { 'a.txt': new TextEncoder().encode('abc '.repeat(40)), 'Größe/b.bin': Uint8Array.of(0, 1, 2, 255) };

  it('has the files that went in, and is the same each time', async () => {
    const archive = zipOf(files);
    const entries = await zipEntries(archive, 'a.zip');
    expect([...entries.keys()]).toEqual(Object.keys(files));
    for (const [path, content] of Object.entries(files)) {
      expect([...(await readEntry(archive, entries.get(path)!, path))]).toEqual([...content]);
    }
    expect(await zipOf(files).arrayBuffer()).toEqual(await archive.arrayBuffer());
  });

  it.skipIf(python.skipped)(`is one for Python ${python.reason && `(skipped: ${python.reason})`}`, async () => {
    const path = join(await temporaryFolder(), 'a.zip');
    await writeFile(path, Buffer.from(await zipOf(files).arrayBuffer()));
    const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps({name: list(archive.read(name)) for name in archive.namelist()}))`;
    const found = await python.run(script, [path]);
    expect(found).toEqual(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, [...content]])));
  });
});
