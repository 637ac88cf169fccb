import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium as playwright, type Browser } from 'playwright-core';
import { findChromium } from '../../../../tools/build/chromium.ts';
import { pageFolder } from '../../src/index.ts';

/** The Chromium of this machine, if there is one. */
export const chromium = findChromium();
/** Why the page cannot be tested; empty where it can. */
export const reason = chromium === undefined ? 'no chromium or google-chrome is on the path' : '';
if (reason) console.warn(`The page is not tested: ${reason}.`);
if (!existsSync(join(pageFolder, 'index.html'))) {
  throw new Error('The page is not built: npm run build -w @interseg/viewer.');
}

/** Starts a browser without a screen, which draws WebGL in software. @param more options of its command line */
export function startBrowser(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--ignore-gpu-blocklist',
    // Memory is measured at once, rather than when it is next collected.
    '--enable-blink-features=ForceEagerMeasureMemory',
    ...more,
  ];
  return playwright.launch({ executablePath, args });
}
