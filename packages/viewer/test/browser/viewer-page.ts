import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { countPixels, isSettled, memoryInUse } from './in-page.mjs';

/** What went wrong in a page, and what it asked for. */
export interface Observed {
  /** Errors of the console and exceptions. */
  readonly errors: string[];
  /** Addresses on other sites. */
  readonly foreign: string[];
}

/** The page as its user sees it. */
export class ViewerPage {
  readonly observed: Observed = { errors: [], foreign: [] };

  private constructor(readonly page: Page) {}

  /** Opens the page, and waits for its model. @param expectErrors texts of errors that are to be expected */
  static async open(context: BrowserContext, url: string): Promise<ViewerPage> {
    const viewer = new ViewerPage(await context.newPage());
    const { page, observed } = viewer;
    page.setDefaultTimeout(90_000);
    page.on('pageerror', ({ message }) => observed.errors.push(message));
    page.on('console', (message) => {
      // A host without `index.json` answers so; it is optional.
      const isOptional = message.location().url.endsWith('/index.json');
      if (message.type() === 'error' && !isOptional) observed.errors.push(message.text());
    });
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(url).origin) observed.foreign.push(request.url());
    });
    await page.goto(url);
    return viewer;
  }

  /** What computes, once the model is there. */
  async engine(): Promise<string> {
    return this.page.locator('dt:has-text("Runs on") + dd').innerText();
  }

  /** Adds files, and waits until every scan is segmented or refused. */
  async add(files: string | readonly string[]): Promise<void> {
    await this.page.setInputFiles('#scan-files', files as string[]);
    await this.settled();
  }

  /** Waits until no scan waits or is being segmented. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(isSettled);
  }

  /** The bytes of the mask of a scan, as they are saved. */
  download(scan: string): Promise<{ name: string; bytes: Buffer }> {
    return this.save(`Download ${scan}`);
  }

  /** What a button saves. */
  async save(button: string): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: button }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  /** How many pixels of the scan's picture have, nearly, the hue of a colour. */
  async pixelsLike(color: string): Promise<number> {
    const png = await this.page.locator('canvas').screenshot();
    return this.page.evaluate(countPixels, { png: png.toString('base64'), color });
  }

  /** What of the Web Content Accessibility Guidelines (2.2, levels A and AA) the page violates, as axe finds it. */
  async violations(): Promise<string[]> {
    await this.page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const found = (await this.page.evaluate(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })`)) as {
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    };
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} (${failureSummary})`),
    );
  }

  /** Bytes that the page and its workers have, after what nobody uses was collected. */
  async memory(): Promise<number> {
    return this.page.evaluate(memoryInUse);
  }
}
