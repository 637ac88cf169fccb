import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createOnce } from '@interseg/files';
import { holderText, readLock, type FoundLock, type LockHolder } from './lock-holder.ts';

/**
 * Puts a lock in the place of one whose holder is gone. Of several processes that want to, one may: it alone has created the
 * claim to what comes after that very lock, named by its token, so that a claim of a process that was slow can never be one to
 * the lock that another has put there since. A claim whose process is gone, too, is followed by a second one, and so on.
 *
 * @param isGone whether the process that holds a lock or a claim is gone
 * @returns whether the lock is this process's now
 */
export async function succeed(
  path: string,
  found: FoundLock,
  mine: LockHolder,
  isGone: (path: string, found: FoundLock) => Promise<boolean>,
): Promise<boolean> {
  const claims: string[] = [];
  for (;;) {
    const claim = claimPath(path, found, claims.length);
    claims.push(claim);
    if (await createOnce(claim, holderText(mine))) break;
    const other = await readLock(claim);
    // Without a claim any more, somebody has succeeded, or found that there was nothing to take over.
    if (!other || !(await isGone(claim, other))) return false;
  }
  const temporary = join(dirname(path), `.${basename(path)}.${mine.token}.tmp`);
  try {
    await writeFile(temporary, holderText(mine));
    // Any difference is a sign of life, or of another process that has succeeded.
    if ((await readLock(path))?.text !== found.text) return false;
    await rename(temporary, path);
    return true;
  } finally {
    // Whoever still wants to claim the old lock will not find it any more.
    for (const one of [temporary, ...claims]) await rm(one, { force: true });
  }
}

/** Removes a lock of this process, unless another one has it, or is about to take it over. */
export async function remove(path: string, mine: LockHolder): Promise<void> {
  const claim = claimPath(path, mine, 0);
  // A full disk has no room for a claim, and a lock that stays would be in the way of whoever makes room.
  if (!(await createOnce(claim, holderText(mine)).catch(() => true))) return;
  try {
    if ((await readLock(path))?.token === mine.token) await rm(path, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

/** Hidden, and with the ending of a temporary file, so that whoever has the lock clears away what a killed process left. */
function claimPath(path: string, { token }: { token: string }, number: number): string {
  return join(dirname(path), `.${basename(path)}.${token}.${number}.tmp`);
}
