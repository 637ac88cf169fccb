import { html, type Html } from '../../html/html.ts';
import { factList } from '../../html/page-parts.ts';
import { duration } from '../../terminal/numbers.ts';
import type { ComparisonContent } from '../comparison-content.ts';
import { entryVariant } from '../entry-variant.ts';
import { verdict } from '../verdict.ts';

/** The top of the page: what was compared on which data set, and the conclusion that the tests allow. */
export function comparisonHeading({ name, comparison, environment }: ComparisonContent): Html {
  const { settings, cases, runs, dataset, variants } = comparison;
  const engines = [...new Set(runs.map(({ engine }) => engine))];
  const date = typeof environment['date'] === 'string' ? environment['date'].slice(0, 10) : undefined;
  return html`<header>
    <p class="eyebrow">InterSeg · comparison</p>
    <h1>
      ${variants.length === 1 ? '1 variant' : `${variants.length} variants`} <span class="on">on</span> ${dataset}
    </h1>
    ${factList([
      ['Comparison', name],
      ['Started', date],
      ['Baseline', entryVariant(comparison.tests.baseline).title],
      ['Seeds', settings.seeds.join(', ')],
      ['Folds', settings.folds === undefined ? undefined : String(settings.folds)],
      [
        'Cases',
        `${cases.train} training · ${cases.validation} validation · ${cases.test} test, ${settings.folds === undefined ? 'the same in all runs' : 'each of them in one fold'}`,
      ],
      ['Budget', `at most ${settings.epochs} epochs`],
      ['Engine', engines.join(', ')],
      ['Training time', duration(runs.reduce((sum, { seconds }) => sum + seconds, 0))],
    ])}
    <p class="verdict">${verdict(comparison)}</p>
    ${engines.length > 1 && html`<p class="note">The runs used different engines, so their times cannot be compared.</p>`}
  </header>`;
}
