import { describe, expect, it } from 'vitest';
import { readEntry, zipEntries } from './zip.ts';

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
