import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readPipSettings } from './pip-settings.ts';

const home = mkdtempSync(join(tmpdir(), 'pip-'));
afterAll(() => rmSync(home, { recursive: true }));

function write(path: string, text: string): string {
  mkdirSync(join(home, path, '..'), { recursive: true });
  writeFileSync(join(home, path), text);
  return join(home, path);
}

const user = `# of the user
[global]
index-url = https://index.example/simple
timeout = 60
[download]
PROXY: http://proxy.example:3128
`;

test('the files of the user count, those for pip download before general ones', async () => {
  write('.config/pip/pip.conf', user);
  const settings = await readPipSettings({ HOME: home }, 'linux');
  expect(settings).toMatchObject({ indexUrl: 'https://index.example/simple' });
  write('.config/pip/pip.conf', `${user}proxy = http://other.example\nindex_url = https://download.example/simple\n`);
  expect(await readPipSettings({ HOME: home }, 'linux')).toMatchObject({
    indexUrl: 'https://download.example/simple',
    proxy: 'http://other.example',
  });
});

test('a virtual environment comes before the user, and the environment before both', async () => {
  write('.config/pip/pip.conf', user);
  const venv = join(write('venv/pip.conf', '[global]\r\nindex-url=https://venv.example\r\n'), '..');
  const environment = { HOME: home, VIRTUAL_ENV: venv };
  expect((await readPipSettings(environment, 'linux')).indexUrl).toBe('https://venv.example');
  const own = { ...environment, PIP_INDEX_URL: 'https://own.example', PIP_CERT: 'ca.pem' };
  expect(await readPipSettings(own, 'linux')).toMatchObject({ indexUrl: 'https://own.example', cert: 'ca.pem' });
});

test('no file counts where pip is told so, and files that are none of pip’s say nothing', async () => {
  write('.config/pip/pip.conf', user);
  expect(await readPipSettings({ HOME: home, PIP_CONFIG_FILE: '/dev/null' }, 'linux')).toEqual({});
  const own = write('own.conf', '\u0000\u0001 nothing\nindex-url https://none.example');
  rmSync(join(home, '.config'), { recursive: true });
  expect((await readPipSettings({ HOME: home, PIP_CONFIG_FILE: own }, 'linux')).indexUrl).toBeUndefined();
});
