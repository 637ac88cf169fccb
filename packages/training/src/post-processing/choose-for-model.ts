import { readCase, readLabels, type ClassDefinition, type DataSet } from '@interseg/data';
import {
  plainPostProcessing,
  predictVolume,
  scoresAgainstBackground,
  type ClassPostProcessing,
  type ModelDescription,
  type SliceNetwork,
} from '@interseg/inference';
import { connectedComponents } from '@interseg/metrics';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { classMask } from '../evaluation/class-mask.ts';
import {
  choosePostProcessing,
  fewestCases,
  triedThresholds,
  type ClassChoice,
  type TrainingObjects,
} from './choose-post-processing.ts';
import { tabulateObjects, type CaseObjects } from './tabulate-objects.ts';

/** `post-processing.json`: the post-processing of a model, and what it brought in the cases that it was chosen by. */
export interface PostProcessingChoice {
  /** Number of validation cases. */
  cases: number;
  /** In the order of the model's classes. */
  classes: ({ name: string } & ClassChoice)[];
}

/** The training cases whose label maps are read, at most. */
const mostTrainingCases = 50;

/**
 * Chooses the post-processing of a model: segments each validation case once, and keeps of it only a table of objects. Only
 * one case is in memory at a time. Nothing is segmented where there are too few cases.
 *
 * @param description without post-processing
 * @param split ids of cases with labels
 * @param onCase called before each validation case
 * @throws DataError when a case cannot be read
 */
export async function chooseForModel(
  model: LayersModel | SliceNetwork,
  dataset: DataSet,
  description: ModelDescription,
  split: { readonly train: readonly string[]; readonly validation: readonly string[] },
  onCase: (id: string) => void = () => {},
): Promise<PostProcessingChoice> {
  const { classes } = description;
  const isEnough = split.validation.length >= fewestCases;
  const ids = isEnough ? split.validation : [];
  const tables: CaseObjects[][] = classes.map(() => []);
  for (const id of ids) {
    onCase(id);
    const volume = await readCase(
      dataset,
      dataset.cases.find((one) => one.id === id)!,
    );
    const { probabilities } = await predictVolume(model, volume, description);
    // What thresholds apply to.
    const scores = description.outputActivation === 'softmax' ? scoresAgainstBackground(probabilities) : probabilities;
    const { labels: data = [], shape, spacing } = volume;
    classes.forEach((definition, index) => {
      const reference = classMask({ data, shape, spacing }, definition);
      tables[index]!.push(tabulateObjects(scores[index]!, reference, triedThresholds));
    });
  }
  const limits = isEnough ? await trainingObjects(dataset, split.train, classes) : [];
  return {
    cases: split.validation.length,
    classes: classes.map(({ name }, index) => ({
      name,
      ...(isEnough ? choosePostProcessing(tables[index]!, limits[index]!) : unchosen()),
    })),
  };
}

/** For too few cases. */
function unchosen(): ClassChoice {
  const score = { dice: 0, falseObjects: 0, missedObjects: 0 };
  return { chosen: plainPostProcessing, plain: score, score };
}

/** Reads what the objects of each class are like, from the label maps of at most 50 cases, evenly spread. */
async function trainingObjects(
  dataset: DataSet,
  ids: readonly string[],
  classes: readonly ClassDefinition[],
): Promise<TrainingObjects[]> {
  const step = Math.max(1, ids.length / mostTrainingCases);
  const chosen = Array.from({ length: Math.min(ids.length, mostTrainingCases) }, (_, i) => ids[Math.floor(i * step)]!);
  const found = classes.map(() => ({ volumes: [] as number[], voxels: 0, largest: 0 }));
  for (const id of chosen) {
    const { label } = dataset.cases.find((one) => one.id === id)!;
    const { labels: data, shape, spacing } = await readLabels(dataset, label!);
    const voxelVolume = spacing.reduce((product, length) => product * length, 1);
    classes.forEach((definition, index) => {
      const { sizes } = connectedComponents(classMask({ data, shape, spacing }, definition));
      const ofClass = found[index]!;
      for (const size of sizes) {
        ofClass.volumes.push(size * voxelVolume);
        ofClass.voxels += size;
      }
      ofClass.largest += sizes.reduce((most, size) => Math.max(most, size), 0);
    });
  }
  return found.map(({ volumes, voxels, largest }) => {
    volumes.sort((a, b) => a - b);
    return {
      usualSmallest: volumes[Math.floor(volumes.length / 10)] ?? 0,
      largestPart: voxels === 0 ? 0 : largest / voxels,
    };
  });
}

/** The settings of a choice for the description of a model; `undefined` where all are plain. */
export function chosenSettings({ classes }: PostProcessingChoice): ClassPostProcessing[] | undefined {
  return classes.some(({ chosen }) => isChanged(chosen)) ? classes.map(({ chosen }) => chosen) : undefined;
}

function isChanged({ threshold, smallestObject, largestComponent }: ClassPostProcessing): boolean {
  return threshold !== plainPostProcessing.threshold || smallestObject > 0 || largestComponent;
}

/** Says in one sentence what was chosen and what it brought. */
export function describePostProcessing({ cases, classes }: PostProcessingChoice): string {
  if (cases < fewestCases) {
    return `Post-processing: none, because ${cases} validation cases are too few to choose by; at least ${fewestCases} are needed.`;
  }
  const changed = classes.filter(({ chosen }) => isChanged(chosen));
  const start = `Post-processing, chosen on ${cases} validation cases:`;
  if (changed.length === 0) return `${start} none, because nothing did better.`;
  const parts = changed.map(({ name, chosen, plain, score }) => {
    const { threshold, smallestObject, largestComponent } = chosen;
    const settings = [
      threshold !== plainPostProcessing.threshold && `threshold ${threshold}`,
      smallestObject > 0 && `no objects below ${Number(smallestObject.toPrecision(3))} mm³`,
      largestComponent && 'the largest component only',
    ].filter((part) => part !== false);
    const change = (from: number, to: number): string => (from === to ? `${to} as before` : `${from} → ${to}`);
    const brought = [
      `Dice ${plain.dice.toFixed(3)} → ${score.dice.toFixed(3)}`,
      `false objects ${change(plain.falseObjects, score.falseObjects)}`,
      `missed objects ${change(plain.missedObjects, score.missedObjects)}`,
    ];
    return `${name}: ${settings.join(', ')} (${brought.join(', ')})`;
  });
  const others = changed.length < classes.length ? '; the other classes are unchanged' : '';
  return `${start} ${parts.join('; ')}${others}.`;
}
