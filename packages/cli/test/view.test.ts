import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleFolder } from './bundle.ts';
import { interseg, intersegHere, json, startInterseg, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const [data, run] = [join(folder, 'phantoms'), join(folder, 'first run')];
// The bundled command looks for the page beside itself; the real one is tested in Chromium.
const page = join(bundleFolder, '..', 'dist', 'page');
const start = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'" />`;

beforeAll(async () => {
  await rm(page, { recursive: true, force: true });
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), start);
  await writeFile(join(page, 'service-worker.js'), 'worker');
  await writeFile(join(page, 'assets', 'a-1.js'), 'script');
  await generatePhantoms(data, { patients: 4, shape: [24, 24, 4], spacing: [4, 4, 8] });
  const trained = await interseg([
    'train',
    '--data',
    data,
    '--out',
    run,
    '--variant',
    'unet',
    '--epochs',
    '1',
    ...tiny,
  ]);
  expect(trained.status, trained.stderr).toBe(0);
});
afterAll(() => rm(join(page, '..'), { recursive: true, force: true }));

it('view serves the page with the model of a run until Ctrl-C', async () => {
  const child = startInterseg(['view', run, '--no-open', '--json']);
  const stdout = await child.until(child.stdout, (text) => text.trimEnd().endsWith('}'));
  const { url, model } = JSON.parse(stdout) as { url: string; model: string };
  expect(model).toBe(join(run, 'model'));
  const response = await fetch(url);
  expect(await response.text()).toBe(start);
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  const index = (await (await fetch(`${url}model/index.json`)).json()) as { name: string; files: object };
  expect([index.name, Object.keys(index.files)]).toEqual(['first run', ['model.json', 'weights.bin']]);
  const weights = new Uint8Array(await (await fetch(`${url}model/weights.bin`)).arrayBuffer());
  expect(weights).toEqual(new Uint8Array(await readFile(join(run, 'model', 'weights.bin'))));
  child.process.kill('SIGINT');
  expect(await child.ended).toBe(0);
  await expect(fetch(url)).rejects.toThrow();
});

it('export writes the page with the model, and again over an earlier one', async () => {
  const site = join(folder, 'site');
  const written = await json<{ page: string; epoch: number }>(['export', run, '--page', site]);
  expect(written).toMatchObject({ page: site, epoch: 1 });
  const files = (await readdir(site, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  expect(files.sort()).toEqual(
    ['_headers', 'a-1.js', 'index.html', 'index.json', 'model.json', 'service-worker.js', 'weights.bin'].sort(),
  );
  expect(await readFile(join(site, '_headers'), 'utf8')).toBe(
    '/*\n  Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Embedder-Policy: require-corp\n  Cross-Origin-Resource-Policy: same-origin\n',
  );
  const index = JSON.parse(await readFile(join(site, 'model', 'index.json'), 'utf8')) as { name: string };
  expect(index.name).toBe('first run');
  expect(await readFile(join(site, 'model', 'weights.bin'))).toEqual(await readFile(join(run, 'model', 'weights.bin')));
  await json(['export', run, '--page', site, '--out', join(folder, 'model')]);
  expect(await readdir(join(folder, 'model'))).toEqual(['model.json', 'weights.bin']);

  const other = await interseg(['export', run, '--page', data]);
  expect([other.status, other.stderr]).toEqual([
    2,
    `error: --page: found files in ${data}, expected a new folder, or one with an earlier page.\n`,
  ]);
});

it('the report of a run names the command, and links to the page that lies in the run', async () => {
  const report = join(run, 'report.html');
  expect(await readFile(report, 'utf8')).toContain(`interseg view &#39;${run}&#39;`);
  expect(await readFile(report, 'utf8')).not.toContain('href="page/"');
  await json(['export', run, '--page', join(run, 'page')]);
  expect(await readFile(report, 'utf8')).toContain('href="page/"');
});

it('says in one sentence what cannot be viewed or exported', async () => {
  const attempt = async (...commandLine: string[]): Promise<[number | null, string]> => {
    const { status, stderr } = await interseg(commandLine);
    return [status, stderr.trim()];
  };
  const nowhere = join(folder, 'nowhere');
  expect(await attempt('view', nowhere, '--no-open')).toEqual([
    2,
    expect.stringMatching(/^error: .*nowhere\/model\.json: no such file, expected a model's file/),
  ]);
  expect(await attempt('view', 'x.onnx', '--no-open')).toEqual([
    2,
    'error: x.onnx: found a model of ONNX, expected a run or a model folder, which the page opens.',
  ]);
  const none = await intersegHere('export', run);
  expect([none.status, none.stderr]).toEqual([2, 'error: export: found neither --out nor --page, expected one.\n']);
  const onnx = await intersegHere('export', run, '--page', nowhere, '--format', 'onnx');
  expect([onnx.status, onnx.stderr]).toEqual([2, expect.stringContaining('--format: found onnx without --out')]);
});
