import { decimals, duration } from '../../terminal/numbers.ts';
import type { ReportContent } from '../content/run-content.ts';
import { html, type Html } from '../../html/html.ts';

/** The top of the page: what was trained on what, when and where. */
export function heading({ run, variantTitle, variantDescription, dataset, environment, history }: ReportContent): Html {
  const date = typeof environment['date'] === 'string' ? new Date(environment['date']) : undefined;
  const engine = environment['engineDescription'] ?? environment['engine'];
  const facts: [string, string | undefined][] = [
    ['Run', run],
    [
      'Date',
      date && !Number.isNaN(date.getTime()) ? date.toISOString().slice(0, 16).replace('T', ' ') + ' UTC' : undefined,
    ],
    ['Engine', engine === undefined ? undefined : String(engine)],
    ['Training time', history.length > 0 ? duration(totalSeconds(history)) : undefined],
  ];
  return html`<header>
    <p class="eyebrow">InterSeg · segmentation run</p>
    <h1>${variantTitle} <span class="on">on</span> ${dataset}</h1>
    <p class="lead">${variantDescription}</p>
    <dl class="facts">
      ${facts
        .filter(([, value]) => value !== undefined)
        .map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
    </dl>
  </header>`;
}

/** The numbers that a reader looks for first. */
export function keyNumbers({ metrics, history, split, parameters }: ReportContent): Html {
  const best = bestEpoch(history);
  const tiles: { value: string; name: string; detail?: string }[] = [];
  if (metrics) {
    const cases = metrics.cases.length;
    const detail = `mean over ${cases} ${cases === 1 ? 'case' : 'cases'} and ${classCount(metrics.mean.classes)}`;
    tiles.push({ value: decimals(metrics.mean.dice, 3), name: 'test Dice', detail });
    tiles.push({
      value: `${decimals(metrics.mean.hd95, 1)} mm`,
      name: 'test HD95',
      detail: '95 % of surface distances are below',
    });
  }
  if (best?.valDice !== undefined) {
    tiles.push({
      value: decimals(best.valDice, 3),
      name: 'validation Dice',
      detail: `epoch ${best.epoch} of ${history.length}, which is shipped`,
    });
  }
  if (parameters !== undefined) {
    tiles.push({ value: `${(parameters / 1e6).toFixed(2)} M`, name: 'parameters', detail: 'of the shipped network' });
  }
  if (split) {
    tiles.push({
      value: `${split.train} · ${split.validation} · ${split.test}`,
      name: 'cases',
      detail: 'training · validation · test',
    });
  }
  return html`<section class="tiles" aria-label="Key numbers">
    ${tiles.map(
      ({ value, name, detail }) =>
        html`<div class="tile">
          <p class="name">${name}</p>
          <p class="value">${value}</p>
          <p class="detail">${detail}</p>
        </div>`,
    )}
  </section>`;
}

/** The epoch whose weights are shipped: with the highest validation Dice, or the lowest training loss without one. */
export function bestEpoch(history: ReportContent['history']): ReportContent['history'][number] | undefined {
  const score = ({ valDice, trainLoss }: ReportContent['history'][number]): number => valDice ?? -trainLoss;
  return history.reduce<ReportContent['history'][number] | undefined>(
    (best, record) => (best === undefined || score(record) > score(best) ? record : best),
    undefined,
  );
}

function classCount(classes: Record<string, unknown>): string {
  const count = Object.keys(classes).length;
  return count === 1 ? '1 class' : `${count} classes`;
}

function totalSeconds(history: ReportContent['history']): number {
  return history.reduce((sum, { seconds }) => sum + seconds, 0);
}
