import { fileURLToPath } from 'node:url';
import { useEngine } from '@interseg/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../build/chromium.ts';
import { bundle } from './bundle.ts';
import { openPage } from './chromium.ts';
import type { PageResult, PageTask } from './wasm-page.ts';
import { serve, type Site } from './site.ts';
import { train, type Training } from './train.ts';

const chromium = findChromium();
const reason = chromium === undefined ? 'no chromium or google-chrome is on the path' : '';
if (reason) console.warn(`The wasm engine in a browser is not tested: ${reason}.`);

const variants = ['unet', 'twi-unet'];
const steps = 5;
const inNode: Record<string, Training> = {};
let site: Site;

async function inBrowser(
  page: 'isolated' | 'worker' | 'plain',
  task: Partial<PageTask>,
): Promise<PageResult & { error?: string }> {
  const query = encodeURIComponent(JSON.stringify({ threads: 2, variants, steps, wasmPaths: '/wasm', ...task }));
  const result = site.result();
  const { closed, close } = openPage(chromium as string, `${site.url}/${page}?${query}`);
  try {
    return (await Promise.race([result, closed])) as PageResult;
  } finally {
    await close();
  }
}

describe.skipIf(reason !== '')(`the wasm engine in Chromium${reason && ` (${reason})`}`, () => {
  beforeAll(async () => {
    site = await serve(await bundle(fileURLToPath(new URL('wasm-page.ts', import.meta.url))));
    const engine = await useEngine('wasm', { threads: 2 });
    for (const variant of variants) inNode[variant] = await train(variant, steps);
    engine.release?.();
  });
  afterAll(() => site?.close());

  function expectAsInNode({ trainings }: PageResult): void {
    for (const variant of variants) {
      const [found, expected] = [trainings[variant]!, inNode[variant]!];
      expect(expected.losses.at(-1)!).toBeLessThan(expected.losses[0]!);
      expect(found.losses).toHaveLength(steps);
      found.losses.forEach((loss, k) => expect(Math.abs(loss - expected.losses[k]!)).toBeLessThan(1e-4));
      expect(found.tensorsLeft).toBe(0);
    }
  }

  test.each([
    ['on the thread of the page', 'isolated'],
    ['in a worker', 'worker'],
  ] as const)('trains with threads as in Node, %s, where the page is cross-origin isolated', async (_, page) => {
    const result = await inBrowser(page, {});
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ description: 'wasm (SIMD, 2 threads)', threads: 2, backendThreads: 2, squared: 9 });
    expectAsInNode(result);
  });

  test('trains with one thread as in Node, where the page is not, and says so', async () => {
    const result = await inBrowser('plain', {});
    expect(result.error).toBeUndefined();
    const description = 'wasm (SIMD, 1 thread; 2 need a page that is cross-origin isolated)';
    expect(result).toMatchObject({ description, threads: 1, backendThreads: 1, squared: 9 });
    expectAsInNode(result);
  });

  test('says where it looked for a file that is not there', async () => {
    const { error } = await inBrowser('isolated', { wasmPaths: '/nowhere/' });
    expect(error).toBe(
      'wasm engine: /nowhere/tfjs-backend-wasm-threaded-simd.wasm gives 404; wasmPaths must lead to tfjs-backend-wasm-threaded-simd.wasm of @tensorflow/tfjs-backend-wasm/dist.',
    );
  });
});
