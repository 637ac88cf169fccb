/**
 * How many epochs fit the time, judged by when the first ones ended. The first one is not judged by itself, as it includes
 * the start.
 *
 * @param {readonly { cpu: number }[]} marks seconds from the start at which epochs ended, at least two
 * @param {number} seconds to be used
 */
export function planEpochs(marks, seconds) {
  const epochSeconds = (marks.at(-1).cpu - marks[0].cpu) / (marks.length - 1);
  const start = Math.max(0, marks[0].cpu - epochSeconds);
  return { epochs: Math.max(1, Math.round((seconds - start) / epochSeconds)), epochSeconds, start };
}
