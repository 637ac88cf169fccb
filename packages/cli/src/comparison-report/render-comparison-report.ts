import { footer, notes } from '../html/page-parts.ts';
import { page } from '../html/page.ts';
import { environmentTable, settingsTable } from '../html/tables.ts';
import { comparisonOptions } from '../options/comparison-options.ts';
import type { ComparisonContent } from './comparison-content.ts';
import { comparisonHeading } from './sections/comparison-heading.ts';
import { convergence } from './sections/convergence.ts';
import { cost } from './sections/cost.ts';
import { figureSection } from './sections/figure-section.ts';
import { objectSizes } from './sections/object-sizes.ts';
import { runsTable } from './sections/runs-table.ts';
import { variantResults } from './sections/variant-results.ts';

/** Renders the report of a comparison as one self-contained page. */
export function renderComparisonReport(content: ComparisonContent): string {
  const { variants, dataset, settings } = content.comparison;
  return page(`${variants.length} variants on ${dataset} · InterSeg`, [
    comparisonHeading(content),
    notes(content),
    variantResults(content),
    objectSizes(content),
    convergence(content),
    figureSection(content),
    cost(content),
    runsTable(content),
    settingsTable(comparisonOptions, settings),
    environmentTable(content),
    footer(),
  ]);
}
