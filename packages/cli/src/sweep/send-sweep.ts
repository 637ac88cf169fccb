import {
  showForKubernetes,
  showForLocal,
  showForRay,
  showForSlurm,
  submitLocally,
  submitToRay,
  submitToSlurm,
  superviseOnRay,
  type RunEnd,
  type SentJobs,
  type SentSweep,
  type ShownSubmission,
  type SubmitOptions,
  type SupervisedRuns,
  type SweepEngine,
} from '@interseg/experiments';
import { exitStatus } from '../errors/exit-status.ts';
import { watchForInterruption } from '../execution/interruption.ts';
import { note, type Context } from '../terminal/context.ts';

/** Where to send a sweep, and what only one of the engines needs. */
export interface EngineSettings {
  on: SweepEngine;
  print?: boolean;
  warning: number;
  image?: string;
  mount: { claim: string; path: string }[];
  address?: string;
  wait?: boolean;
}

/** What became of a submission. */
export type Submitted =
  ({ kind: 'shown' } & ShownSubmission) | ({ kind: 'sent' } & SentJobs) | ({ kind: 'supervised' } & SupervisedRuns);

/** What an interruption does. */
const onInterruption: Record<SweepEngine, string> = {
  local: 'interrupted: each run ends after its current step',
  ray: 'interrupted: the jobs that Ray has go on',
  slurm: 'interrupted: what was sent stays queued',
  kubernetes: 'interrupted',
};

const defaultRay = 'http://127.0.0.1:8265';

/**
 * Sends the open runs of a sweep to an engine, or shows what would be sent; sets the exit status.
 *
 * @returns `undefined` when it was interrupted before anything was sent
 */
export async function sendSweep(
  context: Context,
  sweep: SentSweep,
  options: SubmitOptions,
  settings: EngineSettings,
): Promise<Submitted | undefined> {
  const address = settings.address ?? (process.env['RAY_API_SERVER_ADDRESS'] || defaultRay);
  if (settings.print || settings.on === 'kubernetes') {
    return { kind: 'shown', ...(await show(sweep, options, { ...settings, address })) };
  }
  const { on, warning, wait } = settings;
  const interruption = watchForInterruption(() => note(context, onInterruption[on]));
  const { signal } = interruption;
  const watched: SubmitOptions = { ...options, signal, onWait: (message) => note(context, message) };
  const { runs } = sweep.manifest;
  const onEnd = (index: number, end: RunEnd, again: boolean): void => {
    note(context, `run ${index} (${runs[index]!.name}) ${describeEnd(end)}${again ? '; started again' : ''}`);
  };
  try {
    if (on === 'local' || (on === 'ray' && wait)) {
      const work =
        on === 'ray' ? superviseOnRay(sweep, watched, { address, onEnd }) : submitLocally(sweep, watched, { onEnd });
      const { selection, ends } = await work;
      const isDone = [...ends.values()].every((end) => end.how === 'exit' && end.status === exitStatus.done);
      context.status = interruption.status() ?? (isDone ? exitStatus.done : exitStatus.failed);
      return { kind: 'supervised', selection, ends };
    }
    const sent = on === 'ray' ? submitToRay(sweep, watched, { address }) : submitToSlurm(sweep, watched, { warning });
    const jobs = await sent;
    if (!jobs) context.status = interruption.status() ?? exitStatus.failed;
    return jobs && { kind: 'sent', ...jobs };
  } finally {
    interruption.dispose();
  }
}

async function show(
  sweep: SentSweep,
  options: SubmitOptions,
  { on, warning, image = '', mount, address }: EngineSettings & { address: string },
): Promise<ShownSubmission> {
  if (on === 'slurm') return showForSlurm(sweep, options, { warning });
  if (on === 'kubernetes') return showForKubernetes(sweep, options, { image, mounts: mount });
  if (on === 'ray') return showForRay(sweep, options, { address });
  return showForLocal(sweep, options);
}

/** How a run has ended, in words. */
function describeEnd(end: RunEnd): string {
  if (end.how === 'lost') return `was lost${end.reason ? `: ${end.reason}` : ''}`;
  if (end.how === 'stopped') return 'was stopped';
  return end.status === exitStatus.done ? 'is finished' : `ended with status ${end.status}`;
}
