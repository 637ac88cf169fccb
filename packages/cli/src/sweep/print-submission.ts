import type { RunSelection } from '@interseg/experiments';
import { note, printResult, type Context } from '../terminal/context.ts';
import type { Submitted } from './send-sweep.ts';

/** Prints what was sent, or would be: the engine's own text alone on stdout. */
export function printSubmission(context: Context, json: boolean | undefined, submitted: Submitted): void {
  const { selection } = submitted;
  const left = describeLeftOut(selection);
  if (submitted.kind === 'shown') {
    if (selection.indices.length === 0) note(context, `nothing to send${left}`);
    // A manifest or a script is there to be piped into another program.
    if (!json) context.stdout.write(submitted.text);
    else printResult(context, json, { ...selection, text: submitted.text }, () => '');
    return;
  }
  if (submitted.kind === 'supervised') {
    const ends = Object.fromEntries(submitted.ends);
    const done = [...submitted.ends.values()].filter((end) => end.how === 'exit' && end.status === 0).length;
    const text = (): string => `${done} of ${submitted.ends.size} runs are finished${left}\n`;
    printResult(context, json, { ...selection, ends }, text);
    return;
  }
  const { jobs } = submitted;
  printResult(context, json, { ...selection, jobs }, () => {
    if (jobs.length === 0) return `nothing to send${left}\n`;
    const lines = jobs.map(({ job, indices }) => `${job}: ${runsOf(indices)}\n`);
    return `${lines.join('')}sent ${selection.indices.length} runs${left}\n`;
  });
}

/** The runs that were not sent, and why; empty where there are none. */
function describeLeftOut({ finished, queued, running, refused }: RunSelection): string {
  const parts = [
    finished > 0 && `${finished} finished`,
    queued > 0 && `${queued} queued`,
    running > 0 && `${running} with a process outside the queue`,
    refused > 0 && `${refused} refused their input`,
  ].filter(Boolean);
  return parts.length > 0 ? ` (left out: ${parts.join(', ')})` : '';
}

function runsOf(indices: readonly number[]): string {
  const [first, last] = [indices[0]!, indices.at(-1)!];
  if (indices.length === 1) return `run ${first}`;
  return last - first + 1 === indices.length
    ? `runs ${first} to ${last}`
    : `${indices.length} runs from ${first} to ${last}`;
}
