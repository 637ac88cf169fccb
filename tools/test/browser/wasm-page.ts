import { compileStep, useEngine } from '@interseg/runtime/browser';
import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { train, type Training } from './train.ts';

/** What the page is asked for, in its address, as JSON. */
export interface PageTask {
  readonly threads: number;
  readonly variants: readonly string[];
  readonly steps: number;
  /** Where the page looks for the backend's files. */
  readonly wasmPaths: string;
}

/** What the page tells. */
export interface PageResult {
  readonly description: string;
  readonly threads: number;
  /** How many threads TensorFlow.js's backend computes with. */
  readonly backendThreads: number;
  /** What a step of `compileStep` gives for 3, which it squares. */
  readonly squared: number;
  readonly trainings: Readonly<Record<string, Training>>;
}

declare const location: { readonly search: string };

async function run(): Promise<PageResult> {
  const task = JSON.parse(decodeURIComponent(location.search.slice(1))) as PageTask;
  const engine = await useEngine('wasm', { wasmPaths: task.wasmPaths, threads: task.threads });
  const square = compileStep(({ x }: { x: tf.Tensor }) => ({ y: tf.square(x) }));
  const squared = (await square({ x: tf.scalar(3) }).y.data())[0]!;
  const trainings: Record<string, Training> = {};
  for (const variant of task.variants) trainings[variant] = await train(variant, task.steps);
  const { description, threads } = engine;
  return { description, threads, backendThreads: getThreadsCount(), squared, trainings };
}

const tell = (body: unknown): Promise<Response> => fetch('/result', { method: 'POST', body: JSON.stringify(body) });
run().then(tell, (error: Error) => tell({ error: error.message }));
