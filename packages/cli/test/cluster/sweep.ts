import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatePhantoms } from '@interseg/data';
import { expect } from 'vitest';
import { bundleFolder } from '../bundle.ts';
import { historyOf } from '../run-folder.ts';
import { runProcesses, until } from './processes.ts';

const plugin = fileURLToPath(new URL('./paced-plugin.mjs', import.meta.url));

/** Everything that the tests write. */
export const folder = mkdtempSync(join(tmpdir(), 'interseg-cluster-'));
const data = join(folder, 'phantoms');

/** Makes the data of all sweeps. */
export async function makeData(): Promise<void> {
  await generatePhantoms(data, { patients: 5, shape: [16, 16, 4], spacing: [8, 8, 12], seed: 2 });
}

/** Settings of every sweep: real training of a tiny network. A lock counts as silent soon, so that tests are over soon. */
const settings = [
  ...['--data', data, '--plugin', plugin, '--loss', 'paced', '--filters', '2,4', '--size', '16', '--batch', '1'],
  ...['--engine', 'wasm', '--threads', '1', '--workers', '0', '--learning-rate', '0.01', '--epochs', '12'],
  ...['--patience', '0', '--lock-silence', '12', '--fractions', '0.4,0.2,0.4'],
];

/** Runs the command and waits for its end. */
export function interseg(
  words: readonly string[],
  pace = 0,
): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, INTERSEG_TEST_PACE: String(pace) };
  return spawnSync(process.execPath, [join(bundleFolder, 'command.js'), ...words], { encoding: 'utf8', env });
}

/** Runs the command, and fails unless it succeeds. @returns what it prints */
function succeed(words: readonly string[], pace = 0): string {
  const { status, stdout, stderr } = interseg(words, pace);
  if (status !== 0) throw new Error(`interseg ${words.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** A comparison without what times and processes decide. */
function numbersOf(out: string): unknown {
  const text = readFileSync(join(out, 'comparison.json'), 'utf8');
  return JSON.parse(text, (key, value: unknown) => (/second|time/i.test(key) ? undefined : value));
}

const references = new Map<string, string>();

/** What `interseg compare` makes of the same settings, undisturbed; made once. */
function referenceOf(runs: readonly string[]): string {
  const key = runs.join(' ');
  const before = references.get(key);
  if (before) return before;
  const out = join(folder, `reference-${references.size}`);
  succeed(['compare', '--out', out, ...settings, ...runs]);
  references.set(key, out);
  return out;
}

/** A sweep on a cluster. */
export class Sweep {
  /** With a blank, which every script has to cope with. */
  readonly folder: string;

  /** @param runs the flags that say which runs it has */
  constructor(
    name: string,
    readonly runs: readonly string[] = ['--variants', 'unet', '--seeds', '1'],
  ) {
    this.folder = join(folder, 'sweeps', `of ${name}`);
    succeed(['sweep', 'plan', '--out', this.folder, ...settings, ...runs]);
  }

  /** The names of the runs, by index. */
  get names(): string[] {
    const manifest = JSON.parse(readFileSync(join(this.folder, 'runs.json'), 'utf8')) as { runs: { name: string }[] };
    return manifest.runs.map(({ name }) => name);
  }

  /** Submits it to Slurm. @returns the ids of the arrays */
  submit(flags: readonly string[] = [], pace = 0): string[] {
    const words = ['sweep', 'submit', this.folder, '--on', 'slurm', '--json', ...flags];
    const { jobs } = JSON.parse(succeed(words, pace)) as { jobs: { job: string }[] };
    return jobs.map(({ job }) => job);
  }

  /** Submits one array, as {@link Sweep.submit}. */
  submitOne(flags: readonly string[] = [], pace = 0): string {
    const jobs = this.submit(flags, pace);
    expect(jobs).toHaveLength(1);
    return jobs[0]!;
  }

  /** How many epochs of a run are in its checkpoint. */
  epochsOf(name: string): number {
    try {
      const path = join(this.folder, 'runs', name, 'checkpoint', 'last', 'checkpoint.json');
      return (JSON.parse(readFileSync(path, 'utf8')) as { state: { history: unknown[] } }).state.history.length;
    } catch {
      return 0;
    }
  }

  /** Waits until a run has so many epochs in its checkpoint. */
  begun(name: string, epochs = 3): Promise<void> {
    return until(`${name} at epoch ${epochs}`, () => this.epochsOf(name) >= epochs, 120);
  }

  processesOf(index: number): number[] {
    return runProcesses(this.folder, index);
  }

  /** What the batch scripts have written of a run: each task has a file, in which every start begins with the run's index. */
  logOf(index: number): string {
    const logs = join(this.folder, 'logs');
    const names = existsSync(logs) ? readdirSync(logs).sort() : [];
    const texts = names.map((name) => readFileSync(join(logs, name), 'utf8'));
    return texts.filter((text) => text.includes(` run ${index} on `)).join('');
  }

  /** On which hosts a run was started, in order. */
  startsOf(index: number): string[] {
    return [...this.logOf(index).matchAll(/^--- .* run \d+ on (\w+), task/gm)].map(([, node]) => node!);
  }

  /** Collects the sweep, which must be what an undisturbed comparison is, with each run finished once. */
  async expectUndisturbed(): Promise<void> {
    await this.expectSameNumbers();
    for (const [index, name] of this.names.entries()) expect(this.finishesOf(index), name).toBe(1);
  }

  /** Collects the sweep, whose numbers must be those of an undisturbed comparison. */
  async expectSameNumbers(): Promise<void> {
    succeed(['sweep', 'collect', this.folder]);
    const reference = referenceOf(this.runs);
    expect(numbersOf(this.folder)).toEqual(numbersOf(reference));
    for (const name of this.names) {
      const [run, other] = [this.folder, reference].map((root) => join(root, 'runs', name)) as [string, string];
      expect(await historyOf(run), name).toEqual(await historyOf(other));
    }
  }

  /** How often a run was finished by training. */
  finishesOf(index: number): number {
    return this.logOf(index).split('writing the report').length - 1;
  }
}
