/** What a status tells of the epochs of a run. */
export interface HistorySummary {
  /** Whole epochs so far. */
  epochs: number;
  /** The highest validation Dice; `null` without any. */
  bestDice: number | null;
  /** Wall time of all epochs, validation included. */
  seconds: number;
}

/**
 * Sums a `history.csv` up. The status of a sweep reads thousands of them at a time, so only the two columns that it needs are
 * looked at.
 */
export function summarizeHistory(text: string): HistorySummary {
  const lines = text.trimEnd().split('\n');
  const header = (lines[0] ?? '').split(',');
  const [diceColumn, secondsColumn] = [header.indexOf('val_dice'), header.indexOf('seconds')];
  let [bestDice, seconds]: [number | null, number] = [null, 0];
  for (let row = 1; row < lines.length; row++) {
    const cells = lines[row]!.split(',');
    seconds += Number(cells[secondsColumn]) || 0;
    const dice = cells[diceColumn];
    if (dice !== undefined && dice !== '') bestDice = Math.max(bestDice ?? 0, Number(dice));
  }
  return { epochs: Math.max(0, lines.length - 1), bestDice, seconds };
}
