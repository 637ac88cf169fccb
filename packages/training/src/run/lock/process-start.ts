import { readFile } from 'node:fs/promises';

/**
 * When a process began, as Linux counts it (clock ticks since boot): together with its id this names one process of a boot,
 * also where ids come back, as in containers, where the first process is always 1. Nothing on other systems.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command in brackets, may itself hold blanks and brackets; the start is the 22nd of all.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
