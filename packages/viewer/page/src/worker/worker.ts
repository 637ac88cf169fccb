import { compileStep, withOutOfMemoryHint } from '@interseg/runtime/browser';
import type { Step } from '@interseg/training';
import { config } from 'zod';
import { compare } from './compare.ts';
import { currentModel, load } from './model.ts';
import type { Answer, Progress, Request, TaskName, Tasks } from './protocol.ts';
import { segment } from './segment.ts';

// The content security policy of the page forbids to make functions of text, which zod would try.
config({ jitless: true });

/** What a task may use. */
export interface TaskContext {
  readonly signal: AbortSignal;
  /** A signal for what is done after a stop, which a second stop ends. */
  readonly renewSignal: () => AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

const tasks: {
  [Name in TaskName]: (input: Tasks[Name]['input'], context: TaskContext) => Promise<Tasks[Name]['output']>;
} = {
  load: ({ files, settings }) => load(files, settings),
  segment: ({ files }, context) => segment(currentModel(), files, context),
  fineTune: async ({ scans, settings, name }, context) => {
    // Training is as large as all the rest, and most people who open the page only segment.
    const { fineTune } = await import('./fine-tune.ts');
    return fineTune(currentModel(), scans, settings, {
      ...context,
      name,
      compileStep: (step: Step) => withOutOfMemoryHint(compileStep(step), step),
    });
  },
  compare: ({ mask, reference }) => compare(currentModel().description.classes, mask, reference),
};

const running = new Map<number, AbortController>();
/** Tasks follow one another: they share the model and the memory. */
let last: Promise<void> = Promise.resolve();

const send = (answer: Answer): void => postMessage(answer);

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  if (data.task === 'stop') return running.get(data.id)?.abort();
  const controller = new AbortController();
  running.set(data.id, controller);
  last = last.then(() => run(data, controller.signal)).finally(() => running.delete(data.id));
});

async function run({ id, task, input }: Exclude<Request, { task: 'stop' }>, signal: AbortSignal): Promise<void> {
  const context: TaskContext = {
    signal,
    renewSignal() {
      const controller = new AbortController();
      running.set(id, controller);
      return controller.signal;
    },
    onProgress: (progress) => send({ id, kind: 'progress', progress }),
  };
  try {
    signal.throwIfAborted();
    const output = await (tasks[task] as (input: unknown, context: TaskContext) => Promise<unknown>)(input, context);
    send({ id, kind: 'output', output });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ id, kind: 'error', message, stopped: signal.aborted });
  }
}
