/** What {@link mergeRows} merges. */
interface Rows {
  /** The name of the array, which every thread has written its own element of. */
  readonly values: string;
  /** The row of a thread: `localIndex / columns`, as a signed number. */
  readonly row: string;
  /** A power of two. */
  readonly rows: number;
  readonly columns: number;
  /** The expression that merges two elements. */
  readonly merge: (one: string, other: string) => string;
}

/** WGSL that merges the rows of a workgroup's `[rows, columns]` into the first one, always in the same order. */
export function mergeRows({ values, row, rows, columns, merge }: Rows): string {
  const own = `${values}[localIndex]`;
  return `
      workgroupBarrier();
      for (var half = ${rows} / 2; half > 0; half = half / 2) {
        if (${row} < half) {
          ${own} = ${merge(own, `${values}[localIndex + u32(half * ${columns})]`)};
        }
        workgroupBarrier();
      }`;
}

/** The expression of a sum. */
export function plus(one: string, other: string): string {
  return `${one} + ${other}`;
}
