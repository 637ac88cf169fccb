import type { FeatureCurve } from './run-content.ts';

/** Parses `features.csv` (columns `epoch`, `y_0`, …, `y'_0`, …) into one curve per column; none when it has no rows. */
export function parseFeatureCurves(csv: string): FeatureCurve[] {
  const [header = '', ...rows] = csv.trimEnd().split('\n');
  if (rows.length === 0) return [];
  const table = rows.map((row) => row.split(','));
  const lastEpoch = Number(table.at(-1)?.[0]);
  return header.split(',').flatMap((column, index) => {
    const [, prime, level] = /^y('?)_(\d+)$/.exec(column) ?? [];
    if (level === undefined) return [];
    const values = new Array<number | undefined>(lastEpoch).fill(undefined);
    for (const row of table) values[Number(row[0]) - 1] = row[index] === '' ? undefined : Number(row[index]);
    return [{ name: `y${prime ? '′' : ''}_${level}`, level: Number(level), isTarget: prime !== '', values }];
  });
}
