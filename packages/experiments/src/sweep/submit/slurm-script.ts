import { join } from 'node:path';
import { formatRanges } from './index-ranges.ts';
import { quoteArgument } from './shell.ts';
import { submissionFiles } from './submission-files.ts';
import type { SchedulerFlag, Submission } from './submission.ts';

/** One job array: its tasks are the runs with the indices from `offset` on. */
export interface SlurmArray {
  /** The index of the run of task 0. */
  offset: number;
  indices: readonly number[];
  script: string;
}

/** What a Slurm controller and the user say of job arrays. */
export interface SlurmSettings {
  /** Tasks are numbered below this (`MaxArraySize` of the controller). */
  maxArraySize: number;
  /** Seconds before the time limit at which a run is told to save. */
  warning: number;
}

/** The name of the array with the runs from an index on. */
export function slurmJobName(id: string, offset: number): string {
  return offset === 0 ? `interseg-${id}` : `interseg-${id}-${offset}`;
}

/** The batch scripts for the runs of a submission: one array where all indices are below `maxArraySize`, else several. */
export function slurmArrays(submission: Submission, settings: SlurmSettings): SlurmArray[] {
  const { maxArraySize } = settings;
  const byOffset = new Map<number, number[]>();
  for (const index of submission.indices) {
    const offset = index - (index % maxArraySize);
    const indices = byOffset.get(offset);
    if (indices) indices.push(index);
    else byOffset.set(offset, [index]);
  }
  return [...byOffset].map(([offset, indices]) => {
    return { offset, indices, script: slurmScript({ ...submission, indices }, offset, settings) };
  });
}

function slurmScript(
  { id, folder, indices, command, prologue, parallel, flags, attempts }: Submission,
  offset: number,
  { warning }: SlurmSettings,
): string {
  const { logs, submissions } = submissionFiles(folder);
  const tasks = formatRanges(indices.map((index) => index - offset)) + (parallel === undefined ? '' : `%${parallel}`);
  const options = [
    `--job-name=${slurmJobName(id, offset)}`,
    `--array=${tasks}`,
    '--requeue',
    '--open-mode=append',
    // Two % stand for one.
    `--output=${quoteArgument(join(logs, 'slurm-').replaceAll('%', '%%'))}%A_%a.log`,
    `--signal=B:USR1@${warning}`,
    ...flags.map(slurmFlag),
  ];
  return `#!/bin/bash
${options.map((one) => `#SBATCH ${one}`).join('\n')}
# Written by 'interseg sweep submit'. Each task does one run of the sweep, and does nothing if that is finished.
index=$((SLURM_ARRAY_TASK_ID + ${offset}))
# The array's last task has the array's own job id, so queueing SLURM_JOB_ID again would queue all its tasks again.
task="\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
tries=${quoteArgument(join(submissions, 'slurm-'))}"$task.tries"

# USR1: the time limit is near; save, and queue again. TERM: scancel or preemption; save, and leave the rest to Slurm.
# InterSeg itself is sent TERM only: Node answers USR1 by opening its debugger.
stop() { [ -n "\${child:-}" ] && kill -TERM "$child" 2>/dev/null; }
trap 'limit=1; stop' USR1
trap 'cancelled=1; stop' TERM

# Queues this task again, unless Slurm has done so already: the script of a node that was given up may still be alive.
again() {
  scontrol show job "$task" | grep -q "Restarts=\${SLURM_RESTART_COUNT:-0} " && scontrol requeue "$task" && sleep 60
}
failed() {
  echo "$1" >> "$tries"
  [ "$(wc -l < "$tries")" -lt ${attempts} ] && again
}
echo "--- $(date '+%F %T') run $index on $(hostname), task $task, restart \${SLURM_RESTART_COUNT:-0}"
${prologue ? `\n${prologue.trimEnd()}\n` : ''}
[ -n "\${cancelled:-}" ] && exit 143
[ -n "\${limit:-}" ] && { failed 143; exit 143; }
${command} "$index" &
child=$!
[ -n "\${limit:-}\${cancelled:-}" ] && stop
# A signal ends a wait early; the last one has the status of the run.
while kill -0 "$child" 2>/dev/null; do wait "$child"; done
wait "$child"
status=$?
child=
echo "--- $(date '+%F %T') run $index ended with status $status"

[ -n "\${cancelled:-}" ] && exit "$status"
case $status in
  # Finished, bad input, or another process has this run.
  0 | 2 | 76) ;;
  # Saved. Where the warning came within seconds, the limit is too short to get anywhere.
  143) [ -n "\${limit:-}" ] && if [ "$SECONDS" -ge 10 ]; then again; else failed "$status"; fi ;;
  *) failed "$status" ;;
esac
exit "$status"
`;
}

function slurmFlag({ name, value }: SchedulerFlag): string {
  return value === '' ? `--${name}` : `--${name}=${quoteArgument(value)}`;
}
