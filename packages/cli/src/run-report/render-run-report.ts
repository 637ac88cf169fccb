import { footer, notes } from '../html/page-parts.ts';
import { page } from '../html/page.ts';
import { environmentTable, settingsTable } from '../html/tables.ts';
import { runOptions } from '../options/run-options.ts';
import type { RunContent } from './content/run-content.ts';
import { predictionPictures } from './sections/prediction-pictures.ts';
import { keyNumbers, runHeading } from './sections/run-heading.ts';
import { testResults } from './sections/test-results.ts';
import { trainingCurves } from './sections/training-curves.ts';

/** Renders the report of a run as one self-contained page. */
export function renderRunReport(content: RunContent): string {
  return page(`${content.variantTitle} on ${content.dataset} · InterSeg`, [
    runHeading(content),
    keyNumbers(content),
    notes(content),
    trainingCurves(content),
    testResults(content),
    predictionPictures(content),
    settingsTable(runOptions, content.configuration),
    environmentTable(content),
    footer(),
  ]);
}
