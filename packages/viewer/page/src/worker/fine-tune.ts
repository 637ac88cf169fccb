import {
  caseFromVolumes,
  completeAugmentation,
  completeSliceSettings,
  prepareCase,
  slicesFromCases,
  type CaseVolume,
  type PreparedCase,
} from '@interseg/data';
import { DataError } from '@interseg/errors';
import {
  modelContents,
  predictVolume,
  zipModel,
  type LoadedModel,
  type ModelDescription,
  type SliceNetwork,
} from '@interseg/inference';
import { dice } from '@interseg/metrics';
import { networkOfModel, type SegmentationNetwork } from '@interseg/models';
import { readNifti } from '@interseg/nifti';
import { fit, type CompileStep, type FitResult } from '@interseg/training';
import { maskOf } from './objects.ts';
import type { AnnotatedFiles, DiceChange, FineTuned, FineTuningSettings, Progress } from './protocol.ts';

/** How training is watched and stopped. */
export interface FineTuneContext {
  /** Ends training after a step; what was learnt until then is kept. */
  readonly signal: AbortSignal;
  /** A signal for what is done after that. */
  readonly renewSignal: () => AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Of the new model, for people. */
  readonly name: string;
  /** What the engine makes of a step. */
  readonly compileStep?: CompileStep;
}

/**
 * Trains a model further on scans with masks, as plain supervised training of its network: all weights, with Adam, whose
 * learning rate falls to 0. The new model is that of the last epoch, or of the last step where it is stopped. The model
 * itself stays as it is. Leaves no tensor behind.
 *
 * @throws OptionError when the network is none that can be trained here, or a setting is out of range
 * @throws DataError when a file is not what the model takes, or a mask does not go with its scan
 */
export async function fineTune(
  { model, description }: LoadedModel,
  scans: readonly AnnotatedFiles[],
  settings: FineTuningSettings,
  { signal, renewSignal, onProgress, name, compileStep }: FineTuneContext,
): Promise<FineTuned> {
  const started = performance.now();
  const network = trainable({ model, description });
  try {
    const cases: PreparedCase[] = [];
    for (const [index, scan] of scans.entries()) {
      onProgress({ text: `Reading ${scan.name}`, part: index / scans.length });
      const volume = await readAnnotated(scan, description, `${index + 1}: ${scan.name}`);
      cases.push(prepareCase(volume, description.classes, description.slices));
      signal.throwIfAborted();
    }
    const warnings = missingClasses(cases, description);
    const before = await measure(model, scans, description, { signal, onProgress, when: 'before' });
    const { history, stopped } = await train(network, cases, description, {
      ...settings,
      signal,
      onProgress,
      compileStep,
    });
    const isStopped = stopped === 'interrupted';
    const after = await measure(network.deploy, scans, description, {
      signal: isStopped ? renewSignal() : signal,
      onProgress,
      when: 'after',
    }).catch((error: unknown) => {
      // Nobody needs to wait for these figures; the model is there without them.
      if (error instanceof Error && error.name === 'AbortError') return undefined;
      throw error;
    });
    const archive = await zipModel(await modelContents(network.deploy, description), name);
    const dice = before.map((one, index): DiceChange => ({ ...one, after: after?.[index]?.before }));
    const seconds = (performance.now() - started) / 1000;
    return { archive, stopped: isStopped, losses: lossesOf(history), dice, seconds, warnings };
  } finally {
    network.dispose();
  }
}

function trainable({ model, description }: LoadedModel): SegmentationNetwork {
  const { plugins = [], variant } = description;
  if (plugins.length > 0) {
    throw new DataError(
      `This model cannot be trained here: it comes with the plugin ${plugins.join(', ')}, expected a network of InterSeg's own.`,
    );
  }
  try {
    return networkOfModel(model, variant);
  } catch (error) {
    throw new DataError(`This model cannot be trained here. ${(error as Error).message}`, { cause: error });
  }
}

/** Reads a scan and its mask. @throws DataError where they do not go together, or with the model */
async function readAnnotated(
  { files, mask }: AnnotatedFiles,
  description: ModelDescription,
  id: string,
): Promise<CaseVolume> {
  const images = [];
  for (const file of files) images.push({ path: file.name, volume: await readNifti(file) });
  const label = { path: mask.name, volume: await readNifti(mask) };
  return caseFromVolumes(description, { id, images, label });
}

/** A sentence for each class that no mask has. @throws DataError where they are all empty */
function missingClasses(cases: readonly PreparedCase[], { classes }: ModelDescription): string[] {
  const missing = classes.filter(
    (_, k) => !cases.some(({ masks }) => masks!.some((value, at) => value === 1 && at % classes.length === k)),
  );
  if (missing.length === classes.length) {
    throw new DataError(
      `Found no voxel of ${classes.map((one) => one.name).join(', ')} in the masks, expected some to learn from.`,
    );
  }
  return missing.map((one) => `No mask has the class ${one.name}: the model may find less of it afterwards.`);
}

type TrainOptions = FineTuningSettings & Pick<FineTuneContext, 'signal' | 'onProgress' | 'compileStep'>;

async function train(
  network: SegmentationNetwork,
  cases: readonly PreparedCase[],
  { slices, modality }: ModelDescription,
  { epochs, batchSize, learningRate, seed, signal, onProgress, compileStep }: TrainOptions,
): Promise<FitResult> {
  const source = slicesFromCases(cases, completeSliceSettings(slices, modality), {
    // What another patient could look like, but never swapped: a class may be of one side.
    augmentation: completeAugmentation('light', { flipHorizontal: 0 }, slices.size),
    seed,
  });
  const losses: number[] = [];
  const started = performance.now();
  let steps = 0;
  return fit(
    network,
    { train: source },
    {
      epochs,
      batchSize,
      learningRate,
      schedule: 'cosine',
      seed,
      signal,
      compileStep,
      onStep({ epoch, stepInEpoch, stepsPerEpoch, loss }) {
        const total = epochs * stepsPerEpoch;
        const left = ((performance.now() - started) / ++steps) * (total - steps);
        onProgress({
          text: `Epoch ${epoch} of ${epochs}, step ${stepInEpoch} of ${stepsPerEpoch}: loss ${loss.total.toFixed(3)}, ${timeLeft(left / 1000)}`,
          part: steps / total,
          losses: [...losses],
        });
      },
      onEpoch: ({ trainLoss }) => void losses.push(trainLoss),
    },
  );
}

function lossesOf(history: FitResult['history']): number[] {
  return history.map(({ trainLoss }) => trainLoss);
}

function timeLeft(seconds: number): string {
  if (seconds < 60) return `about ${Math.ceil(seconds)} s left`;
  return `about ${Math.ceil(seconds / 60)} min left`;
}

type MeasureOptions = Pick<FineTuneContext, 'signal' | 'onProgress'> & { readonly when: 'before' | 'after' };

/** The Dice of what a model finds in the scans, class by class. */
async function measure(
  model: LoadedModel['model'] | SliceNetwork,
  scans: readonly AnnotatedFiles[],
  description: ModelDescription,
  { signal, onProgress, when }: MeasureOptions,
): Promise<DiceChange[]> {
  const found: DiceChange[] = [];
  for (const [index, scan] of scans.entries()) {
    const volume = await readAnnotated(scan, description, scan.name);
    const { labels } = await predictVolume(model, volume, {
      ...description,
      signal,
      onProgress: ({ done, total }) =>
        onProgress({
          text: `Measuring ${scan.name} ${when} training`,
          part: (index + done / total) / scans.length,
        }),
    });
    for (const { name, values } of description.classes) {
      const [own, reference] = [labels, volume.labels!].map((data) => maskOf(data, values, volume));
      found.push({ scan: scan.name, label: name, before: dice(own!, reference!) });
    }
  }
  return found;
}
