/** A table of Markdown. */
export function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The entry of a row. */
export function code({ variant }) {
  return `\`${variant}\``;
}

/** Mean ± standard deviation. */
export function spread({ mean, deviation }, digits) {
  if (mean === null) return '–';
  return deviation === null ? number(mean, digits) : `${number(mean, digits)} ± ${number(deviation, digits)}`;
}

export function number(value, digits) {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

/** A difference, with its sign. */
export function signed(value) {
  if (value === null || value === undefined) return '–';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
