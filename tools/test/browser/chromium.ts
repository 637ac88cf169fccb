import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where a Chromium is, if there is one on the path. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** Opens a page without a screen; `close` ends the browser and removes what it wrote. */
export function openPage(chromium: string, url: string): { closed: Promise<never>; close(): Promise<void> } {
  const profile = mkdtempSync(join(tmpdir(), 'interseg-chromium-'));
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`];
  const browser = spawn(chromium, [...options, url], { stdio: 'ignore' });
  const closed = new Promise<never>((_, reject) => {
    browser.once('error', reject);
    browser.once('exit', (code) => reject(new Error(`${chromium} ended with ${code} before the page was done`)));
  });
  closed.catch(() => undefined);
  return {
    closed,
    async close() {
      await ended(browser);
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function ended(browser: ChildProcess): Promise<void> {
  if (browser.exitCode !== null || browser.signalCode !== null) return;
  const exit = new Promise((resolve) => browser.once('exit', resolve));
  browser.kill();
  await exit;
}
