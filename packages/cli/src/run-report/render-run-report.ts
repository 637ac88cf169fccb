import type { ReportContent } from './content/run-content.ts';
import { html, type Html } from '../html/html.ts';
import { page } from '../html/page.ts';
import { curves } from './sections/training-curves.ts';
import { heading, keyNumbers } from './sections/run-heading.ts';
import { pictures } from './sections/prediction-pictures.ts';
import { results } from './sections/test-results.ts';
import { environmentTable, settings } from '../html/tables.ts';

/** The page that tells about a run: one file that loads nothing. */
export function renderReport(content: ReportContent): string {
  const sections = [heading, keyNumbers, notes, curves, results, pictures, settings, environmentTable, footer];
  return page(
    `${content.variantTitle} on ${content.dataset} · InterSeg`,
    sections.map((section) => section(content)),
  );
}

/** What could not be shown, in sentences. */
export function notes({ notes: all }: Pick<ReportContent, 'notes'>): Html {
  return html`${all.map((note) => html`<p class="note">${note}</p>`)}`;
}

/** The end of every report. */
export function footer(): Html {
  return html`<footer>Written by InterSeg. Not a medical device: for research only.</footer>`;
}
