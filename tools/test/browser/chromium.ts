import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Opens a page without a screen; `close` ends the browser and removes what it wrote. */
export function openPage(chromium: string, url: string): { closed: Promise<never>; close(): Promise<void> } {
  const profile = mkdtempSync(join(tmpdir(), 'interseg-chromium-'));
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`];
  const browser = spawn(chromium, [...options, url], { stdio: 'ignore', detached: true });
  const closed = new Promise<never>((_, reject) => {
    browser.once('error', reject);
    browser.once('exit', (code) => reject(new Error(`${chromium} ended with ${code} before the page was done`)));
  });
  closed.catch(() => undefined);
  return {
    closed,
    async close() {
      await ended(browser);
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function ended(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null || browser.signalCode !== null) return;
  const exit = new Promise((resolve) => browser.once('exit', resolve));
  // With all of its processes, which would go on to write into their folder; being detached, they are a group.
  process.kill(-browser.pid, 'SIGKILL');
  await exit;
}
