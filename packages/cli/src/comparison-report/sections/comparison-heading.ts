import { entryVariant } from '../entry-variant.ts';
import { html, type Html } from '../../html/html.ts';
import { duration } from '../../terminal/numbers.ts';
import { verdict } from '../verdict.ts';
import type { ComparisonContent } from '../comparison-content.ts';

/** The top of the page: what was compared on what, and what the tests allow to say. */
export function heading({ name, comparison, environment }: ComparisonContent): Html {
  const { settings, cases, runs, dataset, variants } = comparison;
  const engines = [...new Set(runs.map(({ engine }) => engine))];
  const date = typeof environment['date'] === 'string' ? environment['date'].slice(0, 10) : undefined;
  const facts: [string, string | undefined][] = [
    ['Comparison', name],
    ['Begun', date],
    ['Baseline', entryVariant(comparison.tests.baseline).title],
    ['Seeds', settings.seeds.join(', ')],
    ['Cases', `${cases.train} training · ${cases.validation} validation · ${cases.test} test, the same in all runs`],
    ['Budget', `${settings.epochs} epochs at most`],
    ['Engine', engines.join(', ')],
    ['Training time', duration(runs.reduce((sum, { seconds }) => sum + seconds, 0))],
  ];
  return html`<header>
    <p class="eyebrow">InterSeg · comparison</p>
    <h1>
      ${variants.length === 1 ? '1 variant' : `${variants.length} variants`} <span class="on">on</span> ${dataset}
    </h1>
    <dl class="facts">
      ${facts
        .filter(([, value]) => value !== undefined)
        .map(
          ([fact, value]) =>
            html`<div>
              <dt>${fact}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
    </dl>
    <p class="verdict">${verdict(comparison)}</p>
    ${engines.length > 1 && html`<p class="note">The runs were made on several engines: their times cannot be compared.</p>`}
  </header>`;
}
