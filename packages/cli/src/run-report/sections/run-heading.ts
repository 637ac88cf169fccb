import { bestEpoch } from '@interseg/training';
import { html, type Html } from '../../html/html.ts';
import { factList, tileRow, type Tile } from '../../html/page-parts.ts';
import { decimals, duration, largeCount } from '../../terminal/numbers.ts';
import type { RunContent } from '../content/run-content.ts';

/** The top of the page: which network was trained on which data set, when and where. */
export function runHeading(content: RunContent): Html {
  const { run, variantTitle, variantDescription, dataset, environment, history } = content;
  const engine = environment['engineDescription'] ?? environment['engine'];
  return html`<header>
    <p class="eyebrow">InterSeg · segmentation run</p>
    <h1>${variantTitle} <span class="on">on</span> ${dataset}</h1>
    <p class="lead">${variantDescription}</p>
    ${factList([
      ['Run', run],
      ['Date', formatDate(environment['date'])],
      ['Engine', engine === undefined ? undefined : String(engine)],
      ['Training time', history.length > 0 ? duration(totalSeconds(history)) : undefined],
    ])}
    ${viewLine(content)}
  </header>`;
}

/** How the model is tried on a scan: the page, where it lies in the run, and the command that opens one. */
function viewLine({ view }: RunContent): Html {
  if (!view) return html``;
  const link = html`<a href="page/">Segment a scan in the browser</a>, where a server shows this report, or by`;
  return html`<p class="note">
    ${view.isPageInRun ? link : 'Segment a scan in the browser:'} <code>${view.command}</code>
  </p>`;
}

/** The numbers that a reader looks for first. */
export function keyNumbers({ metrics, history, split, parameters }: RunContent): Html {
  const best = bestEpoch(history);
  const tiles: Tile[] = [];
  if (metrics) {
    const cases = metrics.cases.length;
    const detail = `mean over ${cases} ${cases === 1 ? 'case' : 'cases'} and ${classCount(metrics.mean.classes)}`;
    tiles.push({ value: decimals(metrics.mean.dice, 3), name: 'test Dice', detail });
    tiles.push({
      value: `${decimals(metrics.mean.hd95, 1)} mm`,
      name: 'test HD95',
      detail: '95 % of surface distances are smaller',
    });
  }
  if (best?.valDice !== undefined) {
    tiles.push({
      value: decimals(best.valDice, 3),
      name: 'validation Dice',
      detail: `epoch ${best.epoch} of ${history.length}, the deployed one`,
    });
  }
  if (parameters !== undefined) {
    tiles.push({ value: largeCount(parameters), name: 'parameters', detail: 'of the deployed network' });
  }
  if (split) {
    const { train, validation, test, unlabelled } = split;
    const counts = { training: train, validation, test, ...(unlabelled && { unlabelled }) };
    tiles.push({
      value: Object.values(counts).join(' · '),
      name: 'cases',
      detail: Object.keys(counts).join(' · '),
    });
  }
  return tileRow(tiles);
}

function formatDate(value: unknown): string | undefined {
  const date = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function classCount(classes: Record<string, unknown>): string {
  const count = Object.keys(classes).length;
  return count === 1 ? '1 class' : `${count} classes`;
}

function totalSeconds(history: RunContent['history']): number {
  return history.reduce((sum, { seconds }) => sum + seconds, 0);
}
