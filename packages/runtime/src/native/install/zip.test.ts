import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { createZip } from './testing/zip-of.ts';
import { extract, readZip } from './zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

const zip = join(folder, 'a.zip');

test('lists and extracts files, stored and deflated, with their SHA-256', async () => {
  const long = 'segmentation '.repeat(5000);
  writeFileSync(zip, createZip({ 'a/abc.txt': 'abc', 'long.txt': long, empty: '' }, 'a comment'));
  const entries = await readZip(zip);
  expect(entries.map(({ name, size }) => [name, size])).toEqual([
    ['a/abc.txt', 3],
    ['long.txt', 65000],
    ['empty', 0],
  ]);
  let bytes = 0;
  const [digest, , ofNothing] = await Promise.all(
    entries.map((entry) => extract(zip, entry, join(folder, 'out', entry.name), (more) => (bytes += more))),
  );
  // FIPS 180-2, appendix B.1: the digest of "abc" is ba7816bf…f20015ad.
  expect(Buffer.from(digest!, 'base64url').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(Buffer.from(ofNothing!, 'base64url').toString('hex')).toMatch(/^e3b0c44298fc1c14/);
  expect(readFileSync(join(folder, 'out', 'long.txt'), 'utf8')).toBe(long);
  expect(bytes).toBe(65003);
});

test('an archive that is cut short is refused', async () => {
  const whole = createZip({ 'a.txt': 'abc'.repeat(100) });
  writeFileSync(zip, whole.subarray(0, whole.length - 30));
  await expect(readZip(zip)).rejects.toThrow('is no whole zip archive; download it again');
});

test('a file that inflates past what its header says is stopped', async () => {
  const bytes = createZip({ 'a.txt': 'x'.repeat(1000) });
  writeFileSync(zip, bytes);
  const [entry] = await readZip(zip);
  expect(deflateRawSync('x'.repeat(1000)).length).toBe(entry?.compressedSize);
  await expect(extract(zip, { ...entry!, size: 10 }, join(folder, 'bomb'), () => {})).rejects.toThrow(
    'a.txt is larger than its header says',
  );
});
