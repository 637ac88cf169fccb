import { createRandom, type DataSet } from '@interseg/data';
import { compileNetwork } from '@interseg/inference';
import { fitOptions } from '../configuration/derive.ts';
import type { RunConfiguration } from '../configuration/run-configuration.ts';
import { fit } from '../loop/fit.ts';
import type { CompileStep } from '../loop/train-step.ts';
import type { UnlabelledSlices } from '../loop/unlabelled.ts';
import { validate } from '../loop/validate.ts';
import { createRunNetwork } from '../run/create-run-network.ts';
import type { StepSeconds } from './rule.ts';

/** Steps that are not timed: in them kernels are compiled and a step is recorded and made into a graph. */
const warmUps = 4;
/** Steps that are timed, unless they take too long. */
const mostTimed = 8;
const fewestTimed = 2;
/** Seconds after which no further step is timed. */
const longest = 30;

/**
 * Trains and validates a run's network on noise for a few steps, on the engine that is set.
 *
 * @returns the median seconds of a step of training and those of a batch of prediction
 */
export async function timeStep(
  configuration: RunConfiguration,
  dataset: DataSet,
  compileStep?: CompileStep,
): Promise<StepSeconds> {
  const network = createRunNetwork(configuration, dataset);
  try {
    const { inputShape, classes } = network.options;
    const shape = { size: configuration.size, channels: inputShape[2], classes };
    const batch = noise(configuration.batch, shape);
    const started = performance.now();
    const ends: number[] = [];
    const isEnough = (): boolean =>
      ends.length > warmUps + mostTimed ||
      (ends.length > warmUps + fewestTimed && performance.now() - started > longest * 1000);
    await fit(
      network,
      {
        train: {
          ...shape,
          length: Number.MAX_SAFE_INTEGER,
          async *batches() {
            for (;;) yield batch;
          },
        },
        ...(configuration.unlabelled !== 0 && { unlabelled: noiseWithoutMasks(shape) }),
      },
      {
        ...fitOptions(configuration),
        // Noise has no structure to learn: whether its loss is finite is not the question.
        onNan: 'skip',
        lambdaWarmUp: 0,
        compileStep,
        onStep: () => void ends.push(performance.now()),
        endEarly: () => (isEnough() ? 'minutes' : undefined),
      },
    );
    const training = medianGap(ends.slice(warmUps));
    const { images, count } = batch;
    const masks = Uint8Array.from(batch.masks);
    const validation = {
      ...shape,
      async *cases() {
        yield { id: 'noise', slices: count, images, masks };
      },
    };
    const times: number[] = [];
    const deployed = compileNetwork(network.deploy, compileStep);
    try {
      for (let round = 0; round < warmUps; round++) {
        const before = performance.now();
        await validate(network, validation, configuration.batch, fitOptions(configuration).loss, deployed);
        times.push((performance.now() - before) / 1000);
      }
    } finally {
      deployed.release();
    }
    return { training, prediction: Math.min(...times) };
  } finally {
    network.dispose();
  }
}

/** A batch of noise with some foreground. */
function noise(
  count: number,
  { size, channels, classes }: { size: readonly number[]; channels: number; classes: number },
) {
  const random = createRandom(0);
  const pixels = count * size[0]! * size[1]!;
  return {
    images: Float32Array.from({ length: pixels * channels }, () => random.next()),
    masks: Float32Array.from({ length: pixels * classes }, () => (random.next() < 0.1 ? 1 : 0)),
    count,
  };
}

/** Noise in the place of the slices without labels. */
function noiseWithoutMasks(shape: { size: readonly [number, number]; channels: number }): UnlabelledSlices {
  return {
    ...shape,
    length: 1,
    async *batches({ batchSize: count, isTwice }) {
      const { images } = noise(count, { ...shape, classes: 0 });
      for (;;) yield { images, count, ...(isTwice && { otherImages: images }) };
    },
  };
}

function medianGap(ends: readonly number[]): number {
  const gaps = ends.slice(1).map((end, index) => (end - ends[index]!) / 1000);
  return gaps.sort((a, b) => a - b)[gaps.length >> 1]!;
}
