import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { encodeNifti, readNifti } from '@interseg/nifti';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { chromium, reason, startBrowser } from './chromium.ts';
import { responsiveness } from './in-page.mjs';
import { createAnnotated, createScans, segmentInNode, type Scans } from './scans.ts';
import { isolation, pageWithModel, serveFolders } from './site.ts';
import { ViewerPage } from './viewer-page.ts';

const pictures = join(import.meta.dirname, '..', '..', 'test-results', 'pictures');

describe.skipIf(reason !== '')(`fine-tuning in Chromium${reason && ` (${reason})`}`, () => {
  let browser: Browser;
  let folder: string;
  let scans: Scans;
  /** Two scans with masks. */
  let annotated: string[];

  beforeAll(async () => {
    folder = await temporaryFolder();
    [scans, browser] = await Promise.all([createScans(join(folder, 'scans')), startBrowser(chromium!)]);
    annotated = await createAnnotated(join(folder, 'annotated'), scans);
  });
  afterAll(() => browser?.close());

  async function open(headers = {}, options: BrowserContextOptions = {}) {
    const site = await serveFolders(pageWithModel, headers);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const viewer = await ViewerPage.open(context, site.url);
    await viewer.engine();
    await viewer.page.getByText('Fine-tune', { exact: true }).first().click();
    return {
      viewer,
      page: viewer.page,
      panel: viewer.page.getByRole('region', { name: 'Fine-tune' }),
      async close() {
        expect(viewer.observed).toEqual({ errors: [], foreign: [] });
        await context.close();
        await site.close();
      },
    };
  }

  /** Mask for mask what Node makes with the model in a file of the page. */
  async function expectMaskOfNode(viewer: ViewerPage, model: string): Promise<void> {
    const expected = join(folder, 'expected.nii.gz');
    await segmentInNode(model, [annotated[0]!], [expected]);
    const { bytes } = await viewer.download('other_001');
    const values = gunzipSync(await readFile(expected));
    expect(values.subarray(352).some((value) => value > 0)).toBe(true);
    expect(gunzipSync(bytes).equals(values)).toBe(true);
  }

  it.each([
    ['threads', isolation, {}, /threads\)$/],
    ['one thread', {}, { serviceWorkers: 'block' }, /1 thread;/],
  ] as const)(
    'makes the model better on scans with masks with %s, while the page answers',
    async (_, headers, options, engine) => {
      const { viewer, page, panel, close } = await open(headers, options);
      expect(await viewer.engine()).toMatch(engine);
      await viewer.add(annotated[0]!);
      const before = await viewer.download('other_001');
      await page.setInputFiles('#annotated-files', annotated);
      expect(await panel.locator('.pair').allInnerTexts()).toEqual([
        expect.stringMatching(/^other_001\s+with other_001_mask\.nii\.gz/),
        expect.stringMatching(/^other_002\s+with other_002_mask\.nii\.gz/),
      ]);
      await panel.getByLabel('Epochs').fill('6');
      await panel.getByLabel('Learning rate').fill('0.004');
      await panel.getByRole('button', { name: 'Fine-tune' }).click();
      await panel.getByText(/^Epoch 1 of 6, step \d+ of \d+: loss \d\.\d{3}, about \d+ s left$/).waitFor();
      const { tick, step } = await page.evaluate(responsiveness, 10);
      console.log(`The page answers within ${tick.toFixed(1)} ms while a step takes ${step.toFixed(0)} ms.`);
      expect(tick).toBeLessThan(step / 2);
      await panel.getByText(/^Trained for 6 whole epochs in .*\. The page segments with the new model\.$/).waitFor();
      const losses = (await panel.locator('.losses').innerText()).match(/\d\.\d+/g)!.map(Number);
      expect(losses).toHaveLength(6);
      expect(losses[5]).toBeLessThan(losses[0]!);
      const rows = await panel.locator('tbody tr').allInnerTexts();
      expect(rows.map((row) => row.split('\t')[0])).toEqual([
        'other_001, tumour',
        'other_001, cyst',
        'other_002, tumour',
        'other_002, cyst',
        'Mean',
      ]);
      const [, old, now] = rows.at(-1)!.split('\t').map(Number);
      expect(now).toBeGreaterThan(old! + 0.1);

      await panel.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(pictures, 'fine-tuning.png') });

      // The scans are segmented anew, and Node makes the same of what is downloaded.
      await viewer.settled();
      const { name, bytes } = await viewer.save('Download the new model');
      expect(name).toBe('fine-tuned-model.zip');
      const zip = join(folder, name);
      await writeFile(zip, bytes);
      await expectMaskOfNode(viewer, zip);

      // There is a way back, and the file is a model for the page, too.
      await panel.getByRole('button', { name: 'Back to the model before' }).click();
      await panel.getByText('The page segments with the model before.').waitFor();
      await viewer.engine();
      await viewer.settled();
      expect((await viewer.download('other_001')).bytes.equals(before.bytes)).toBe(true);
      await page.getByText('Another model').click();
      await page.setInputFiles('#model-files', zip);
      await page.getByText('Model, fine-tuned').waitFor();
      await viewer.settled();
      await expectMaskOfNode(viewer, zip);
      await close();
    },
  );

  it('stops when it is told to, and asks what is to become of what was learnt', async () => {
    const { viewer, page, panel, close } = await open(isolation);
    await viewer.add(annotated[0]!);
    const before = await viewer.download('other_001');
    await page.setInputFiles('#annotated-files', annotated);
    await panel.getByLabel('Epochs').fill('1000');
    for (const answer of ['Discard it', 'Use the new model']) {
      await panel.getByRole('button', { name: 'Fine-tune' }).click();
      // The second or a later one: a busy page may never show the second.
      await panel.getByText(/^Epoch ([2-9]|\d\d+) of 1000/).waitFor();
      await panel.getByRole('button', { name: 'Stop' }).click();
      await panel.getByText(/^Stopped after \d+ whole epochs?\. Keep what was learnt until then\?$/).waitFor();
      await panel.getByRole('button', { name: answer }).click();
      await viewer.engine();
      await viewer.settled();
      const { bytes } = await viewer.download('other_001');
      expect(bytes.equals(before.bytes)).toBe(answer === 'Discard it');
    }
    await page.getByText('Model, fine-tuned').waitFor();
    await close();
  });

  it('says what does not go together, before anything is learnt', async () => {
    const { viewer, page, panel, close } = await open(isolation);
    const [scan, mask] = annotated as [string, string];
    await page.setInputFiles('#annotated-files', scan);
    await panel.getByText('other_001: drop also its mask, such as other_001_mask.nii.gz.').waitFor();
    const { data, shape, affine } = await readNifti(mask);
    const other = join(folder, 'other_001_seg.nii.gz');
    await writeFile(
      other,
      await encodeNifti({ data: data.map((value) => 4 * value), shape, affine }, { labels: true }),
    );
    await page.setInputFiles('#annotated-files', other);
    await panel.getByRole('button', { name: 'Fine-tune' }).click();
    await panel
      .getByText(
        /^other_001_seg\.nii\.gz: found the label \d+ \(voxel \d+ of the file\), expected 0 or one of 1 \(tumour\), 2 \(cyst\)\.$/,
      )
      .waitFor();
    expect(await viewer.violations()).toEqual([]);
    await close();
  });
});
