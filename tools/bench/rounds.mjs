// What races have in common: processes that stay alive and do one piece of work each time they are asked, and the middle of
// what they took.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Starts a contestant: a process that prints a line when it is ready, and one with its result for each line that comes in.
 *
 * @param {string} name what errors call it
 * @param {readonly string[]} command
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export async function startContestant(name, [program, ...words], options = {}) {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended early`);
    return value;
  };
  const ready = await next();
  return {
    name,
    /** The line that it printed when it was ready. */
    ready,
    /** Has it work once. @returns {Promise<string>} the line with its result */
    work: () => {
      child.stdin.write('go\n');
      return next();
    },
    end: () => child.stdin.end(),
  };
}

/** The contestants in the order of a round. Each comes first in turn: threads of the one before may still spin. */
export function inTurn(contestants, round) {
  const first = round % contestants.length;
  return [...contestants.slice(first), ...contestants.slice(0, first)];
}

/** The number below which a part of them lies, one of them. */
export const quantile = (numbers, part) => [...numbers].sort((a, b) => a - b)[Math.round((numbers.length - 1) * part)];

/** The number in the middle; of two, their mean. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}
