import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, makeFolder } from '@interseg/files';

/** Engines that a sweep can be sent to. */
export const sweepEngines = ['slurm', 'kubernetes', 'ray', 'local'] as const;

/** An engine that a sweep can be sent to. */
export type SweepEngine = (typeof sweepEngines)[number];

/** What was sent to an engine by one call: a line of `submissions.jsonl`. */
export interface SubmissionRecord {
  /** ISO 8601, UTC. */
  date: string;
  on: SweepEngine;
  /** Of a Ray cluster. */
  address?: string;
  /** In the engine's own word. */
  job: string;
  /** As `0-2,5`. */
  indices: string;
}

/** What a sweep has of its submissions, by the names that the command line promises. */
export function submissionFiles(root: string) {
  const submissions = join(root, 'submissions');
  return {
    /** One line for each job that was sent. */
    log: join(root, 'submissions.jsonl'),
    /** Batch scripts, and the failed tries of their tasks. */
    submissions,
    /** Held while runs are sent, so that two calls do not send the same ones. */
    lock: join(submissions, 'submit.lock'),
    /** What the runs print. */
    logs: join(root, 'logs'),
  };
}

/** Makes the folders for a submission. @throws DataError where they cannot be written to */
export async function makeSubmissionFolders(root: string): Promise<void> {
  const { submissions, logs } = submissionFiles(root);
  await makeFolder(submissions);
  await makeFolder(logs);
}

/** Notes what was sent. */
export async function recordSubmission(root: string, record: Omit<SubmissionRecord, 'date'>): Promise<void> {
  const line = JSON.stringify({ date: new Date().toISOString(), ...record });
  await appendFile(submissionFiles(root).log, `${line}\n`);
}

/** What was sent so far, oldest first. A line that cannot be read is left out: the engines know better. */
export async function readSubmissions(root: string): Promise<SubmissionRecord[]> {
  const { log } = submissionFiles(root);
  if (!(await exists(log))) return [];
  return (await readFile(log, 'utf8')).split('\n').flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as SubmissionRecord] : [];
    } catch {
      return [];
    }
  });
}
