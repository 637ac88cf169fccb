import { readQueue, type PlannedSweep } from '@interseg/experiments';
import { note, type Context } from '../terminal/context.ts';
import type { QueueNotes } from './print-status.ts';

/**
 * What the schedulers that a sweep was sent to say of its runs. One that does not answer is told of, and nothing else comes of
 * it.
 *
 * @returns `undefined` where it was sent to none
 */
export async function queueNotes(
  context: Context,
  sweep: Pick<PlannedSweep, 'folder' | 'manifest'>,
): Promise<QueueNotes | undefined> {
  const { asked, queued, problems } = await readQueue(sweep);
  for (const problem of problems) note(context, `without the queue: ${problem}`);
  if (asked === 0) return undefined;
  return new Map(
    queued.map(({ index, job, state, node, reason }) => [
      index,
      [job, state, node, reason && `(${reason})`].filter(Boolean).join(' '),
    ]),
  );
}
