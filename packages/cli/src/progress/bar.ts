/** A bar of so many characters, filled from the left in eighths. */
export function bar(fraction: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  const full = Math.floor(eighths / 8);
  const part = ' ▏▎▍▌▋▊▉'[eighths % 8] ?? '';
  const filled = '█'.repeat(full) + (full < width ? part : '');
  return filled.padEnd(width, ' ');
}
