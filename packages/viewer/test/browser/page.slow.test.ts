import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dice, objectWiseDetection } from '@interseg/metrics';
import { readNifti } from '@interseg/nifti';
import { pageFolder } from '../../src/index.ts';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from '../../../../tools/build/python.ts';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { chromium, reason, startBrowser } from './chromium.ts';
import { isIsolated, isSharingMemory, overflow } from './in-page.mjs';
import { createScans, createSeries, modelFolder, type Scans } from './scans.ts';
import { isolation, pageWithModel, serveFolders, type Site } from './site.ts';
import { ViewerPage } from './viewer-page.ts';

const python = await findPython(['nibabel', 'numpy']);
const [orange, blue] = ['#e69f00', '#56b4e9'];
const pictures = join(import.meta.dirname, '..', '..', 'test-results', 'pictures');

/** How much values grow from one to the next (Theil–Sen): single values that lie elsewhere do not count. */
function medianGrowth(values: readonly number[]): number {
  const slopes = values.flatMap((value, at) => values.slice(0, at).map((other, from) => (value - other) / (at - from)));
  return slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)]!;
}

/** The mask of the second class, row-major. */
async function cystsIn(path: string) {
  const { data, shape } = await readNifti(path);
  return { data: Uint8Array.from(data, (label) => (label === 2 ? 1 : 0)), shape: [...shape].reverse() };
}

describe.skipIf(reason !== '')(`the page in Chromium${reason && ` (${reason})`}`, () => {
  let browser: Browser;
  let scans: Scans;
  let site: Site;

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
    [scans, site, browser] = await Promise.all([
      createScans(join(await temporaryFolder(), 'scans')),
      serveFolders(pageWithModel, isolation),
      startBrowser(chromium!),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  async function open(url = site.url, options: BrowserContextOptions = {}): Promise<ViewerPage> {
    return ViewerPage.open(await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options }), url);
  }

  async function expectMaskOfNode(viewer: ViewerPage, index: number): Promise<void> {
    const { name, bytes } = await viewer.download(`phantom_00${index + 1}`);
    expect(name).toBe(`phantom_00${index + 1}_mask.nii.gz`);
    const expected = gunzipSync(await readFile(scans.masks[index]!));
    expect(expected.subarray(352).some((value) => value > 0)).toBe(true);
    expect(gunzipSync(bytes).equals(expected)).toBe(true);
  }

  it('makes the masks of the command line with threads, shows them, and asks no other site for anything', async () => {
    const viewer = await open();
    const { page, observed } = viewer;
    expect(await viewer.engine()).toMatch(/^wasm \(SIMD, \d+ threads\)$/);
    await viewer.add(scans.images[0]!);
    await expectMaskOfNode(viewer, 0);
    await viewer.add(scans.images[1]!);
    await expectMaskOfNode(viewer, 1);

    await page.getByRole('button', { name: 'phantom_001', exact: true }).click();
    const card = page.getByRole('article', { name: 'cyst', exact: true });
    await card.getByText('Objects', { exact: true }).click();
    await card.locator('button.object').first().click();
    await page.waitForTimeout(500);
    const seen = await viewer.pixelsLike(blue);
    expect(seen).toBeGreaterThan(100);
    const announced = await page.locator('[role=status]').innerText();
    expect(announced).toMatch(/^cyst, object 1: [\d.]+ ml at [\d.]+ [RL], [\d.]+ [AP], [\d.]+ [SI] mm$/);
    expect(await page.locator('.readout').innerText()).toContain(/at (.* mm)$/.exec(announced)![1]!);

    // What people change is seen at once.
    await card.getByLabel('Colour of cyst').fill('#ff0000');
    await page.waitForTimeout(300);
    expect(await viewer.pixelsLike('#ff0000')).toBeGreaterThan(seen / 2);
    expect(await viewer.pixelsLike(blue)).toBe(0);
    await card.getByLabel('Show cyst').uncheck();
    await page.waitForTimeout(300);
    expect(await viewer.pixelsLike('#ff0000')).toBe(0);
    expect(observed).toEqual({ errors: [], foreign: [] });
    await page.context().close();
  });

  it('compares a mask with a reference as the metrics do, and says what does not go together', async () => {
    const viewer = await open();
    const { page } = viewer;
    await viewer.add(scans.images[0]!);
    await page.setInputFiles('#reference-file', scans.references[0]!);
    const cyst = page.getByRole('article', { name: 'cyst compared' });
    const [mask, reference] = await Promise.all([scans.masks[0]!, scans.references[0]!].map(cystsIn));
    const { objects, detected } = objectWiseDetection(mask!, reference!);
    const text = (await cyst.innerText()).split(/\s*\n\s*/);
    expect(text.slice(0, 3)).toEqual([
      'cyst',
      `Dice ${dice(mask!, reference!).toFixed(3)}`,
      `Found ${detected} of ${objects.length} objects of the reference.`,
    ]);
    await page.setInputFiles('#reference-file', scans.broken);
    await page
      .getByText('broken.nii.gz: the gzip stream is corrupt')
      .or(page.getByText('broken.nii.gz: not a NIfTI file'))
      .waitFor();
    await page.context().close();
  });

  it('says in a sentence what is wrong with a file, and goes on with the next one', async () => {
    const viewer = await open();
    const { page } = viewer;
    await viewer.add([scans.broken, scans.images[0]!]);
    const rows = page.locator('.scan');
    expect(await rows.nth(0).innerText()).toMatch(/Not segmented[\s\S]*broken\.nii\.gz: not a NIfTI file/);
    await expectMaskOfNode(viewer, 0);
    await page.setInputFiles('#scan-files', {
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('notes'),
    });
    await page.getByText('Found notes.txt, expected NIfTI files (.nii, .nii.gz), DICOM files or a model.').waitFor();
    await page.getByText('Another model').click();
    await page.getByLabel('Address of a model folder on this site').fill('https://example.org/model/');
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('this page asks no other site for anything').waitFor();
    expect(viewer.observed.foreign).toEqual([]);
    await page.context().close();
  });

  it('gives series of DICOM the masks of the command line, from files and from a zip', async () => {
    const series = await createSeries(join(await temporaryFolder(), 'series'));
    const viewer = await open();
    for (const files of [series.files, [series.archive]]) {
      await viewer.add(files);
      const { name, bytes } = await viewer.download('series-2');
      expect(name).toBe('series-2_mask.nii.gz');
      const [found, expected] = [await readNifti(bytes), await readNifti(series.mask)];
      expect(expected.data.some((value) => value > 0)).toBe(true);
      expect(found.data).toEqual(expected.data);
      found.affine.forEach((row, i) => row.forEach((v, j) => expect(v).toBeCloseTo(expected.affine[i]![j]!, 4)));
      await viewer.page.getByRole('button', { name: 'Remove series-2' }).click();
    }
    expect(viewer.observed).toEqual({ errors: [], foreign: [] });
    await viewer.page.context().close();
  });

  it('takes a model folder that people choose, and segments the scans that wait for it', async () => {
    const bare = await serveFolders({ '/some/where/': pageFolder }, isolation);
    const viewer = await open(bare.url);
    const { page } = viewer;
    await page.getByText('Choose the folder of a model that InterSeg trained').waitFor();
    await page.setInputFiles('#scan-files', scans.images[0]!);
    await page.setInputFiles('#model-files', [join(modelFolder, 'model.json'), join(modelFolder, 'weights.bin')]);
    await viewer.engine();
    await viewer.settled();
    await expectMaskOfNode(viewer, 0);
    await page.context().close();
    await bare.close();
  });

  it('gets its threads from the service worker where the host sends no headers, and then works without the host', async () => {
    const plain = await serveFolders(pageWithModel);
    const viewer = await open(plain.url);
    const { page } = viewer;
    await page.waitForFunction(isIsolated);
    expect(await viewer.engine()).toMatch(/^wasm \(SIMD, \d+ threads\)$/);
    await plain.close();
    await page.reload();
    expect(await viewer.engine()).toMatch(/^wasm \(SIMD, \d+ threads\)$/);
    await viewer.add(scans.images[0]!);
    await expectMaskOfNode(viewer, 0);
    await page.context().close();
  });

  it('makes the same masks with one thread, where the page is not isolated', async () => {
    const plain = await serveFolders(pageWithModel);
    const viewer = await open(plain.url, { serviceWorkers: 'block' });
    expect(await viewer.engine()).toMatch(/^wasm \(SIMD, 1 thread; \d+ need a page that is cross-origin isolated\)$/);
    expect(await viewer.page.evaluate(isSharingMemory)).toBe(false);
    await viewer.add(scans.images[0]!);
    await expectMaskOfNode(viewer, 0);
    await viewer.page.context().close();
    await plain.close();
  });

  it('says why it does not compute on a GPU, and does as the address says', async () => {
    const viewer = await open();
    const { page } = viewer;
    await page.getByText('WebGPU is not used: this browser offers no GPU.').waitFor();
    await page.goto(`${site.url}?engine=wasm`);
    expect(await viewer.engine()).toMatch(/^wasm /);
    expect(await page.locator('#engine-note').count()).toBe(0);
    await page.goto(`${site.url}?engine=webgpu`);
    await page
      .getByText('The address of the page asks for WebGPU, which cannot be used: this browser offers no GPU.')
      .waitFor();
    await page.goto(`${site.url}?engine=cuda`);
    await page.getByText('The address of the page has ?engine=cuda, expected wasm or webgpu.').waitFor();
    await page.context().close();
  });

  describe.skipIf(python.skipped)(`with Python${python.reason && ` (skipped: ${python.reason})`}`, () => {
    it('saves a mask that nibabel opens, with the shape, the affine and the values of the reference of Node', async () => {
      const viewer = await open();
      await viewer.add(scans.images[0]!);
      const path = join(await temporaryFolder(), 'mask.nii.gz');
      await writeFile(path, (await viewer.download('phantom_001')).bytes);
      const script = `import json, sys, nibabel, numpy
page, node, scan = (nibabel.load(path) for path in sys.argv[1:])
values, expected = (numpy.asanyarray(image.dataobj) for image in (page, node))
print(json.dumps({
    "shape": page.shape, "scan": scan.shape, "type": str(page.get_data_dtype()), "units": page.header.get_xyzt_units(),
    "sameAffine": bool((page.affine == scan.affine).all() and (page.affine == node.affine).all()),
    "different": int((values != expected).sum()), "labels": numpy.unique(values).tolist(),
}))`;
      const found = await python.run(script, [path, scans.masks[0]!, scans.images[0]!]);
      expect(found).toEqual({
        shape: [80, 96, 32],
        scan: [80, 96, 32],
        type: 'uint8',
        units: ['mm', expect.any(String)],
        sameAffine: true,
        different: 0,
        labels: [0, 1, 2],
      });
      await viewer.page.context().close();
    });
  });

  it('stops when it is told to, and segments again', async () => {
    const viewer = await open();
    const { page } = viewer;
    await page.setInputFiles('#scan-files', [scans.long, scans.images[1]!]);
    await page.locator('.scan[data-state=running]').waitFor();
    await page.getByRole('button', { name: 'Stop phantom_002' }).click();
    await page.getByRole('button', { name: 'Stop long' }).click();
    await viewer.settled();
    const states = page.locator('.scan').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-state')));
    expect(await states).toEqual(['stopped', 'stopped']);
    await page.getByRole('button', { name: 'Segment phantom_002' }).click();
    await viewer.settled();
    await expectMaskOfNode(viewer, 1);
    await page.context().close();
  });

  it('has no module of Node in its scripts', async () => {
    const scripts = (await readdir(join(pageFolder, 'assets'))).filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(1);
    for (const name of scripts) {
      // What Vite puts in place of a module that no browser has.
      expect(await readFile(join(pageFolder, 'assets', name), 'utf8')).not.toMatch(
        /vite-browser-external|(from|import\()\s*["']node:/,
      );
    }
  });

  it('keeps no memory of the scans before, over twenty', async () => {
    // With one thread: Chromium waits a minute for each that sleeps before it tells how much memory there is.
    const viewer = await open(`${site.url}?threads=1`);
    expect(await viewer.engine()).toBe('wasm (SIMD, 1 thread)');
    const { page } = viewer;
    const memory: number[] = [];
    for (let scan = 1; scan <= 20; scan++) {
      await viewer.add(scans.images[scan % 2]!);
      await page
        .getByRole('button', { name: /^Remove / })
        .first()
        .click();
      memory.push(await viewer.memory());
    }
    // Now and then 2.5 MB wait to be collected, so what counts is how it grows from scan to scan, the median of all pairs.
    // A volume has 0.25 million voxels: a mask that is kept of each scan would make 0.25 MB.
    expect(medianGrowth(memory.slice(1))).toBeLessThan(0.15e6);
    await page.context().close();
  }, 300_000);

  it.each([
    ['desktop', 'light', { width: 1280, height: 800 }],
    ['desktop', 'dark', { width: 1280, height: 800 }],
    ['phone', 'light', { width: 390, height: 844 }],
    ['phone', 'dark', { width: 390, height: 844 }],
  ] as const)('fits a %s in %s colours', async (device, colorScheme, viewport) => {
    const viewer = await open(site.url, { viewport, colorScheme, hasTouch: device === 'phone' });
    const { page } = viewer;
    await viewer.engine();
    await page.screenshot({ path: join(pictures, `start-${device}-${colorScheme}.png`) });
    await viewer.add([...scans.images]);
    await page.setInputFiles('#reference-file', scans.references[0]!);
    await page.getByRole('article', { name: 'cyst compared' }).waitFor();
    const card = page.getByRole('article', { name: 'cyst', exact: true });
    await card.getByText('Objects', { exact: true }).click();
    await card.locator('button.object').first().click();
    await page.waitForTimeout(800);
    expect((await viewer.pixelsLike(orange)) + (await viewer.pixelsLike(blue))).toBeGreaterThan(50);
    expect(await viewer.violations()).toEqual([]);
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await page.screenshot({
      path: join(pictures, `result-${device}-${colorScheme}.png`),
      fullPage: device === 'phone',
    });
    // INTERSEG_PICTURES=1 makes the picture of the documentation anew.
    if (process.env['INTERSEG_PICTURES'] && device === 'desktop' && colorScheme === 'light') {
      await page.setViewportSize({ width: 1280, height: 960 });
      await page.waitForTimeout(800);
      await page.screenshot({ path: join(import.meta.dirname, '../../../../docs/images/viewer.png') });
    }
    await page.context().close();
  });
});
