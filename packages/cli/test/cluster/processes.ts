import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** A process of this machine, by the ids of the outermost namespace. */
export interface Process {
  pid: number;
  parent: number;
  name: string;
}

function processes(): Process[] {
  return ids().flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const end = line.lastIndexOf(')');
      const [, parent] = line.slice(end + 2).split(' ');
      return [{ pid, parent: Number(parent), name: line.slice(line.indexOf('(') + 1, end) }];
    } catch {
      // It has ended since.
      return [];
    }
  });
}

const ids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** A process with all that came from it, parents first. */
export function family(pid: number): Process[] {
  const all = processes();
  const found = all.filter((one) => one.pid === pid);
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid));
  return found;
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  return processes().find((one) => one.pid === pid)!.parent;
}

/** Whether a process runs: one that has ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The processes whose command line is what a test asks for. */
export function processesWith(test: (words: string[]) => boolean): number[] {
  return ids().filter((pid) => {
    try {
      return test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'));
    } catch {
      return false;
    }
  });
}

/** The processes of `interseg sweep run` on a folder with an index. */
export function runProcesses(folder: string, index: number): number[] {
  return processesWith((words) => {
    const place = words.indexOf('sweep');
    const isOurs = place > 0 && words[0]!.includes('node') && words[place + 1] === 'run';
    return isOurs && words[place + 2] === folder && words[words.indexOf('--index') + 1] === String(index);
  });
}

/** Waits for something, and fails when it does not come. */
export async function until(what: string, test: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    if (await test()) return;
    await wait(100);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}
