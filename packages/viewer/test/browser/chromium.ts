import { chromium, type Browser } from 'playwright-core';

/** Starts a browser without a screen, which draws WebGL in software. */
export function startBrowser(executablePath: string): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--ignore-gpu-blocklist',
    // Memory is measured at once, rather than when it is next collected.
    '--enable-blink-features=ForceEagerMeasureMemory',
  ];
  return chromium.launch({ executablePath, args });
}
