import { comparisonOptions } from '../options/comparison-options.ts';
import { page } from '../html/page.ts';
import { footer, notes } from '../run-report/render-run-report.ts';
import { environmentTable, settingsTable } from '../html/tables.ts';
import type { ComparisonContent } from './comparison-content.ts';
import { cost } from './sections/cost.ts';
import { curves } from './sections/convergence.ts';
import { figureSection } from './sections/figure-section.ts';
import { heading } from './sections/comparison-heading.ts';
import { results } from './sections/variant-results.ts';
import { runsTable } from './sections/runs-table.ts';
import { strata } from './sections/object-sizes.ts';

/** The page that tells about a comparison: one file that loads nothing. */
export function renderComparison(content: ComparisonContent): string {
  const { variants, dataset, settings } = content.comparison;
  return page(`${variants.length} variants on ${dataset} · InterSeg`, [
    heading(content),
    notes(content),
    results(content),
    strata(content),
    curves(content),
    figureSection(content),
    cost(content),
    runsTable(content),
    settingsTable(comparisonOptions, settings),
    environmentTable(content),
    footer(),
  ]);
}
