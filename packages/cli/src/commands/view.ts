import type { Command } from 'commander';
import { watchForInterruption } from '../execution/interruption.ts';
import { parseNumber } from '../options/parse-number.ts';
import { openBrowser } from '../page/open-browser.ts';
import { findPage } from '../page/page-files.ts';
import { findPageModel } from '../page/page-model.ts';
import { servePage } from '../page/serve-page.ts';
import { note, printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

interface ViewFlags {
  port: number;
  open: boolean;
  json?: boolean;
}

const parsePort = parseNumber(
  (port) => Number.isInteger(port) && port >= 0 && port < 65536,
  'a number from 0 to 65535',
);

/** `interseg view` */
export function viewCommand(context: Context): Command {
  const command = createCommand('view', ['view runs/spleen', 'view models/spleen --port 8080 --no-open']);
  command
    .argument('[model]', 'run or model folder; without one, the page asks for a model')
    .option('--port <number>', 'port of 127.0.0.1 to serve the page at; 0 for any that is free', parsePort, 0)
    .option('--no-open', 'do not open the browser, only say where the page is');
  addOutputOptions(command);
  return command.action(async (path: string | undefined, { port, open, json }: ViewFlags) => {
    const page = await findPage();
    const model = path === undefined ? undefined : await findPageModel(path);
    const { url, close } = await servePage(page, model, port);
    const interruption = watchForInterruption(() => undefined);
    printResult(context, json, { url, model: model?.folder ?? null }, () => `${url}\n`);
    note(context, 'the page is served to this computer only; Ctrl-C ends it');
    if (open) openBrowser(url, () => note(context, `no browser could be started: open ${url} yourself`));
    await new Promise<void>((resolve) => interruption.signal.addEventListener('abort', () => resolve()));
    interruption.dispose();
    await close();
  });
}
