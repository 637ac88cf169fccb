import type { ClassMetrics, ObjectCounts } from '@interseg/training';
import { decimals } from './numbers.ts';
import type { Column } from './table.ts';

/** The metrics in display order. */
export const metricColumns: readonly { metric: keyof ClassMetrics; heading: string; unit?: string; digits: number }[] =
  [
    { metric: 'dice', heading: 'Dice', digits: 3 },
    { metric: 'jaccard', heading: 'IoU', digits: 3 },
    { metric: 'sensitivity', heading: 'Sensitivity', digits: 3 },
    { metric: 'precision', heading: 'Precision', digits: 3 },
    { metric: 'hd95', heading: 'HD95', unit: 'mm', digits: 1 },
    { metric: 'assd', heading: 'ASSD', unit: 'mm', digits: 2 },
  ];

/** Columns for the metrics in a text table. */
export const metricTextColumns: readonly Column[] = metricColumns.map(({ heading, unit }) => ({
  heading: unit ? `${heading} ${unit}` : heading,
  numeric: true,
}));

/** One row of cells for {@link metricTextColumns}. */
export function metricCells(metrics: ClassMetrics): string[] {
  return metricColumns.map(({ metric, digits }) => decimals(metrics[metric], digits));
}

/** Columns for the objects in a text table. */
export const objectTextColumns: readonly Column[] = ['Objects', 'Missed', 'False'].map((heading) => ({
  heading,
  numeric: true,
}));

/** One row of cells for {@link objectTextColumns}; empty where objects were not counted. */
export function objectCells(counts: ObjectCounts | undefined): string[] {
  return counts ? [counts.reference, counts.missed, counts.false].map(String) : ['', '', ''];
}
