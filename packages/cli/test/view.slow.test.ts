import { cp, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { generatePhantoms } from '@interseg/data';
import { pageFolder } from '@interseg/viewer';
import { chromium as playwright, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../tools/build/chromium.ts';
import { bundleFolder } from './bundle.ts';
import { interseg, json, startInterseg, temporaryFolder, tiny } from './support.ts';

const chromium = findChromium();
const reason = chromium === undefined ? 'no chromium or google-chrome is on the path' : '';
if (reason) console.warn(`The page of a run is not tested: ${reason}.`);

const folder = await temporaryFolder();
const [data, run, mask] = ['phantoms', 'run', 'mask.nii.gz'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const image = join(data, 'imagesTr', 'phantom_001.nii.gz');

describe.skipIf(reason !== '')(`the page of a run in Chromium${reason && ` (${reason})`}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    // The bundled command looks for the page beside itself.
    await cp(pageFolder, join(bundleFolder, '..', 'dist', 'page'), { recursive: true });
    await generatePhantoms(data, { patients: 4, shape: [40, 40, 8], spacing: [2, 2, 8] });
    const options = ['--variant', 'unet', '--epochs', '3', ...tiny];
    const trained = await interseg(['train', '--data', data, '--out', run, ...options]);
    expect(trained.status, trained.stderr).toBe(0);
    await json(['predict', '--model', run, '--input', image, '--output', mask, '--engine', 'wasm']);
    browser = await playwright.launch({
      executablePath: chromium,
      args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    });
  });
  afterAll(() => browser?.close());

  /** Opens the page, and expects it to make the mask of the command line and to ask no other site for anything. */
  async function expectMaskOfRun(url: string): Promise<void> {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    const foreign: string[] = [];
    const errors: string[] = [];
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(url).origin) foreign.push(request.url());
    });
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(url);
    // A function, as the page's policy forbids to make one of text.
    await page.waitForFunction(() => (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated);
    await page.locator('dt:has-text("Runs on") + dd:has-text("threads)")').waitFor();
    await page.getByText('run', { exact: true }).first().waitFor();
    await page.setInputFiles('#scan-files', image);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download phantom_001' }).click(),
    ]);
    const expected = gunzipSync(await readFile(mask));
    expect(expected.subarray(352).some((value) => value > 0)).toBe(true);
    expect(gunzipSync(await readFile(await download.path())).equals(expected)).toBe(true);
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] });
    await context.close();
  }

  it('is isolated and makes the mask of the command line, by interseg view', async () => {
    const child = startInterseg(['view', run, '--no-open']);
    const url = await child.until(child.stdout, (text) => text.endsWith('\n'));
    await expectMaskOfRun(url.trim());
    child.process.kill('SIGINT');
    expect(await child.ended).toBe(0);
  });

  it('does so from a host that sends no headers, under any path, by export --page', async () => {
    const site = join(folder, 'site');
    await json(['export', run, '--page', site]);
    const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
    const server = createServer((request, response) => {
      const path = request.url!.replace('/some/where/', '') || 'index.html';
      readFile(join(site, path)).then(
        (content) => response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'application/x' }).end(content),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await expectMaskOfRun(`http://127.0.0.1:${(server.address() as AddressInfo).port}/some/where/`);
    server.closeAllConnections();
    server.close();
  });
});
