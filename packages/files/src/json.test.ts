import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import { describeValue, isObject, readJsonObject, writeJson } from './json.ts';

const folder = await temporaryFolder();
const path = join(folder, 'settings.json');

describe('readJsonObject', () => {
  it('reads what writeJson wrote, and files with a byte order mark', async () => {
    const settings = { size: [96, 96], name: 'Größe', nested: { none: null } };
    await writeJson(path, settings);
    expect(await readJsonObject(path, 'settings')).toEqual(settings);
    expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(settings, null, 2)}\n`);
    await writeFile(path, '\uFEFF{"a": 1}');
    expect(await readJsonObject(path, 'settings')).toEqual({ a: 1 });
  });

  it.each([
    ['{"a": ', /^[^\n]+: broken JSON \([^\n]+[^.]\), expected the settings of a run\.$/],
    ['{\n  "a": nothing\n}', /^[^\n]+: broken JSON \([^\n]+\), expected the settings of a run\.$/],
    ['', /: broken JSON/],
    ['[1, 2, 3]', /: found a list of 3, expected the settings of a run\.$/],
    ['null', /: found null, expected/],
    ['"text"', /: found "text", expected/],
  ])('refuses %j in one sentence that names the file', async (text, message) => {
    await writeFile(path, text);
    await expect(readJsonObject(path, 'the settings of a run')).rejects.toThrow(DataError);
    await expect(readJsonObject(path, 'the settings of a run')).rejects.toThrow(message);
    await expect(readJsonObject(path, 'the settings of a run')).rejects.toThrow(`${path}: `);
  });

  it('names a missing file', async () => {
    const missing = join(folder, 'missing.json');
    await expect(readJsonObject(missing, 'settings')).rejects.toThrow(
      new DataError(`${missing}: no such file, expected settings.`),
    );
  });
});

it('describeValue and isObject tell what a value from JSON is', () => {
  const values = [undefined, null, [], [1, 2], {}, 'a', 7, true, 'x'.repeat(80)];
  expect(values.map(describeValue)).toEqual([
    ...['nothing', 'null', 'a list of 0', 'a list of 2', 'an object', '"a"', '7', 'true'],
    `"${'x'.repeat(56)}…`,
  ]);
  expect(values.map(isObject)).toEqual([false, false, false, false, true, false, false, false, false]);
});
