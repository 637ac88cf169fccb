import { comparisonOptions } from '../../options/comparison-options.ts';
import { page } from '../../report/html/page.ts';
import { footer, notes } from '../../report/render-report.ts';
import { environmentTable, settingsTable } from '../../report/sections/tables.ts';
import type { ComparisonContent } from './content.ts';
import { cost } from './cost.ts';
import { curves } from './curves.ts';
import { figureSection } from './figure-section.ts';
import { heading } from './heading.ts';
import { results } from './results.ts';
import { runsTable } from './runs-table.ts';
import { strata } from './strata.ts';

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
