import { createNetwork } from '@interseg/models';
import { compileStep, useEngine, type EngineName } from '@interseg/runtime';
import { Adam, createStep, type Step } from '@interseg/training';
import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** What to compute: a network and its input. */
export interface BenchmarkTask {
  variant: string;
  /** Height and width of the image. */
  size: number;
  batch: number;
  filters: readonly number[];
  threads?: number;
}

/** How to compute it. */
export interface ExecutionMode {
  engine: EngineName;
  /** Whether the step is recorded and replayed. */
  replayed: boolean;
}

/** Milliseconds of one training step and one inference. */
export interface StepTimes {
  step: number;
  inference: number;
}

/** A network on an engine, ready to be timed. */
export interface BenchmarkCase extends ExecutionMode {
  /** Times one training step and one inference, each until its result can be read. */
  time(): Promise<StepTimes>;
  dispose(): Promise<void>;
}

/** Untimed rounds: kernels are compiled, the second round is recorded and the third builds the graph. */
const warmUps = 3;

/** Creates a network on an engine and warms it up. @throws EngineError when the engine cannot run here */
export async function createBenchmarkCase(
  task: BenchmarkTask,
  { engine, replayed }: ExecutionMode,
): Promise<BenchmarkCase> {
  const { variant, size, batch, filters, threads } = task;
  const use = () => useEngine(engine, { threads });
  await use();
  const network = createNetwork({ variant, inputShape: [size, size, 1], classes: 1, filters: [...filters] });
  const optimizer = new Adam(network.trainableVariables);
  const plainStep = createStep(network, optimizer, {});
  const plainInference = ({ image }: NamedTensorMap) => tf.tidy(() => ({ y: network.deploy.apply(image!) as Tensor }));
  const step: Step = replayed ? compileStep(plainStep) : plainStep;
  const infer = replayed ? compileStep(plainInference) : plainInference;
  const image = tf.randomNormal([batch, size, size, 1], 0, 1, 'float32', 1);
  const mask = tf.cast(tf.greater(image, 0), 'float32');
  let count = 0;
  const time = async (): Promise<StepTimes> => {
    await use();
    const { stepSize, epsilon } = Adam.step(3e-4, count++);
    const numbers = { stepSize: tf.scalar(stepSize), epsilon: tf.scalar(epsilon) };
    const times = {
      step: await milliseconds(() => step({ image, mask, ...numbers }), 'total'),
      inference: await milliseconds(() => infer({ image }), 'y'),
    };
    tf.dispose(numbers);
    return times;
  };
  for (let k = 0; k < warmUps; k++) await time();
  return {
    engine,
    replayed,
    time,
    dispose: async () => {
      await use();
      for (const compiled of [step, infer]) if ('release' in compiled) (compiled.release as () => void)();
      tf.dispose([image, mask]);
      optimizer.dispose();
      network.dispose();
    },
  };
}

async function milliseconds(work: () => Record<string, Tensor>, read: string): Promise<number> {
  const before = performance.now();
  const outputs = work();
  await outputs[read]!.data();
  const after = performance.now();
  tf.dispose(outputs);
  return after - before;
}
