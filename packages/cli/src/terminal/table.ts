/** A column of a table. */
export interface Column {
  heading: string;
  /** Whether it holds numbers, which are aligned to the right. */
  numeric?: boolean;
}

/** A table in plain text; each column is as wide as its widest cell. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ numeric }, index) => {
        const cell = cells[index] ?? '';
        const width = widths[index]!;
        return numeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(columns.map(({ heading }) => heading)), rule, ...rows.map(line)].join('\n') + '\n';
}
