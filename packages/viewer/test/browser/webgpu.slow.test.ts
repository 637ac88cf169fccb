import { join } from 'node:path';
import { readNifti, writeNifti } from '@interseg/nifti';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { chromium, reason, startBrowser } from './chromium.ts';
import { hasWebGpu, mostPrograms, watchPrograms } from './in-page.mjs';
import { createScans, modelFolder, segmentInNode, type Scans } from './scans.ts';
import { isolation, pageWithModel, serveFolders, type Site } from './site.ts';
import { ViewerPage } from './viewer-page.ts';

/** As much of a volume as a processor in the place of a GPU can do: the two slices in its middle. */
async function cut(from: string, to: string): Promise<string> {
  const { data, shape, affine } = await readNifti(from);
  const pixels = shape[0]! * shape[1]!;
  const start = (shape[2]! / 2) * pixels;
  const part = { data: data.slice(start, start + 2 * pixels), shape: [shape[0]!, shape[1]!, 2], affine };
  await writeNifti(to, part);
  return to;
}

describe.skipIf(reason !== '')(`WebGPU in Chromium${reason && ` (${reason})`}`, () => {
  let browser: Browser;
  let folder: string;
  let scans: Scans;
  let site: Site;

  beforeAll(async () => {
    folder = await temporaryFolder();
    [scans, site, browser] = await Promise.all([
      createScans(join(folder, 'scans')),
      serveFolders(pageWithModel, isolation),
      // Without a GPU this is SwiftShader, a program in its place.
      startBrowser(chromium!, ['--enable-unsafe-webgpu']),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('computes the masks of wasm but for single voxels where it is asked for, and a program is not taken by itself', async (context) => {
    const viewer = await ViewerPage.open(await browser.newContext(), site.url);
    const { page, observed } = viewer;
    page.setDefaultTimeout(200_000);
    if (!(await page.evaluate(hasWebGpu))) return context.skip('this Chromium offers no adapter, not even SwiftShader');
    const own = await viewer.engine();
    if (own.startsWith('wasm')) {
      expect(await page.locator('#engine-note').innerText()).toMatch(
        /^WebGPU is not used: (.* is a program in the place of a GPU, slower than wasm|it is slower than wasm with this model)\.$/,
      );
    }

    const scan = await cut(scans.images[0]!, join(folder, 'part.nii.gz'));
    const mask = await cut(scans.references[0]!, join(folder, 'part_mask.nii.gz'));
    const reference = join(folder, 'reference.nii.gz');
    await segmentInNode(modelFolder, [scan], [reference]);
    await page.goto(`${site.url}?engine=webgpu`);
    expect(await viewer.engine()).toMatch(/^webgpu \(.+\)$/);
    await viewer.add(scan);
    const { bytes } = await viewer.download('part');
    const found = (await readNifti(new Blob([new Uint8Array(bytes)]))).data;
    const expected = (await readNifti(reference)).data;
    expect(found).toHaveLength(expected.length);
    expect(expected.filter((value) => value > 0).length).toBeGreaterThan(20);
    expect(found.filter((value, voxel) => value !== expected[voxel]).length).toBeLessThanOrEqual(2);

    // It trains, too, in steps that are replayed: all programs at once, where TensorFlow.js gives the GPU 15 at a time.
    const worker = page.workers().find((one) => /\/worker-[^/]*\.js$/.test(one.url()))!;
    await worker.evaluate(watchPrograms);
    await page.getByText('Fine-tune', { exact: true }).first().click();
    const panel = page.getByRole('region', { name: 'Fine-tune' });
    await page.setInputFiles('#annotated-files', [scan, mask]);
    await panel.getByLabel('Epochs').fill('4');
    await panel.getByRole('button', { name: 'Fine-tune' }).click();
    await panel.getByText(/^Trained for 4 whole epochs in .*\. The page segments with the new model\.$/).waitFor();
    expect(await worker.evaluate(mostPrograms)).toBeGreaterThan(100);
    expect(await viewer.engine()).toMatch(/^webgpu /);
    await viewer.settled();
    expect(observed).toEqual({ errors: [], foreign: [] });
    await page.context().close();
  }, 400_000);
});
