import { median } from '../rounds.mjs';

/**
 * What an epoch takes, by when the first ones ended. The first one is not judged by itself, as it includes the start.
 *
 * @param {readonly { cpu: number }[]} marks seconds from the start at which epochs ended, at least two
 * @returns {{ epochSeconds: number, start: number }} seconds
 */
export function paceOf(marks) {
  const epochSeconds = (marks.at(-1).cpu - marks[0].cpu) / (marks.length - 1);
  return { epochSeconds, start: Math.max(0, marks[0].cpu - epochSeconds) };
}

/** How many epochs fit the time, at least one. */
export function epochsWithin({ epochSeconds, start }, seconds) {
  return Math.max(1, Math.round((seconds - start) / epochSeconds));
}

/** The pace in the middle of those of several rounds; of two, their mean. */
export function medianPace(rounds) {
  return {
    epochSeconds: median(rounds.map(({ epochSeconds }) => epochSeconds)),
    start: median(rounds.map(({ start }) => start)),
  };
}
