import { plainPostProcessing, type ClassPostProcessing } from '@interseg/inference';
import { scoreObjects, type CaseObjects } from './tabulate-objects.ts';

/**
 * The thresholds that are tried. Higher ones would lose objects of which no voxel has that probability, and few validation
 * cases do not show how many there are.
 */
export const triedThresholds: readonly number[] = [0.3, 0.4, 0.5, 0.6];
/** With fewer cases than these nothing is chosen. */
export const fewestCases = 4;
/** Differences of the mean Dice up to this are taken for none, however sure they are. */
const tolerance = 5e-4;
/** The smallest objects that are tried for each threshold, at most. */
const mostSizes = 16;
/** The largest component alone may only be kept where it has this part of a class's voxels in training cases. */
const smallestLargestPart = 0.98;

/** What the objects of a class are like in training cases: limits of what may be dropped. */
export interface TrainingObjects {
  /** The volume in mm³ that nine of ten objects reach; 0 if nothing is known, so that no object is dropped by its size. */
  readonly usualSmallest: number;
  /** The part of a class's voxels that are in the largest object of their case, from 0 to 1; 0 if nothing is known. */
  readonly largestPart: number;
}

/** How well a class is segmented in all validation cases. */
export interface ClassScore {
  /** The mean over cases; a case where neither the prediction nor the reference has the class counts as 1. */
  dice: number;
  /** Predicted objects that touch none of the reference. */
  falseObjects: number;
  /** Objects of the reference that no predicted one touches. */
  missedObjects: number;
}

/** The post-processing of one class, and what it brought in the cases that it was chosen by. */
export interface ClassChoice {
  chosen: ClassPostProcessing;
  /** With {@link plainPostProcessing}. */
  plain: ClassScore;
  /** With what was chosen. */
  score: ClassScore;
}

/**
 * Chooses the post-processing of one class by validation cases: of the settings whose mean Dice over cases is within one
 * standard error of the highest (or within 0.0005), that with the fewest false and missed objects; then the plainest.
 *
 * Few cases tempt to fit chance, so a setting must not make anything worse than none: the mean Dice must not fall, not even
 * without the case that gains most, and there must be no more false and no more missed objects. With fewer than four cases
 * nothing is chosen.
 *
 * @param cases the tables of objects, with {@link triedThresholds}
 */
export function choosePostProcessing(cases: readonly CaseObjects[], limits: TrainingObjects): ClassChoice {
  const plain = evaluateSetting(cases, plainPostProcessing);
  const unchanged = { chosen: plainPostProcessing, plain: plain.total, score: plain.total };
  if (cases.length < fewestCases || cases.every(({ referenceVoxels }) => referenceVoxels === 0)) return unchanged;
  const allowed = settings(cases, limits)
    .map((setting) => ({ setting, ...evaluateSetting(cases, setting) }))
    .filter(({ total, dice }) => isHarmless(total, dice, plain));
  const best = allowed.reduce((first, second) => (second.total.dice > first.total.dice ? second : first));
  const [chosen] = allowed
    .filter((one) => isAsGood(one, best))
    .sort((a, b) => wrongObjects(a.total) - wrongObjects(b.total) || complexity(a.setting, b.setting));
  return chosen ? { chosen: chosen.setting, plain: plain.total, score: chosen.total } : unchanged;
}

interface Evaluated {
  total: ClassScore;
  /** Of each case. */
  dice: number[];
}

function evaluateSetting(
  cases: readonly CaseObjects[],
  { threshold, smallestObject, largestComponent }: ClassPostProcessing,
): Evaluated {
  const index = triedThresholds.indexOf(threshold);
  const scores = cases.map((one) => scoreObjects(one, index, smallestObject, largestComponent));
  const sum = (of: (score: (typeof scores)[number]) => number) => scores.reduce((total, score) => total + of(score), 0);
  return {
    total: {
      dice: sum(({ dice }) => dice) / scores.length,
      falseObjects: sum(({ falseObjects }) => falseObjects),
      missedObjects: sum(({ missedObjects }) => missedObjects),
    },
    dice: scores.map(({ dice }) => dice),
  };
}

function wrongObjects({ falseObjects, missedObjects }: ClassScore): number {
  return falseObjects + missedObjects;
}

function isHarmless(total: ClassScore, dice: readonly number[], plain: Evaluated): boolean {
  const gains = dice.map((value, index) => value - plain.dice[index]!);
  const gain = gains.reduce((sum, one) => sum + one, 0);
  const gainWithoutBest = gain - Math.max(0, ...gains);
  return (
    gain >= -1e-9 &&
    gainWithoutBest >= -1e-9 &&
    total.falseObjects <= plain.total.falseObjects &&
    total.missedObjects <= plain.total.missedObjects
  );
}

/** Whether a setting is within one standard error of the best: nothing that few cases could tell apart. */
function isAsGood(one: Evaluated, best: Evaluated): boolean {
  const differences = best.dice.map((value, index) => value - one.dice[index]!);
  const mean = best.total.dice - one.total.dice;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (differences.length - 1);
  return mean <= Math.max(tolerance, Math.sqrt(variance / differences.length));
}

/** Which of two settings is further from the plain one: negative if it is the second. */
function complexity(a: ClassPostProcessing, b: ClassPostProcessing): number {
  const steps = ({ threshold }: ClassPostProcessing): number =>
    Math.abs(triedThresholds.indexOf(threshold) - triedThresholds.indexOf(plainPostProcessing.threshold));
  return (
    Number(a.largestComponent) - Number(b.largestComponent) ||
    steps(a) - steps(b) ||
    a.smallestObject - b.smallestObject ||
    a.threshold - b.threshold
  );
}

/** All settings that are tried. */
function settings(cases: readonly CaseObjects[], limits: TrainingObjects): ClassPostProcessing[] {
  const choices = limits.largestPart >= smallestLargestPart ? [false, true] : [false];
  return triedThresholds.flatMap((threshold, index) =>
    [0, ...smallestObjects(cases, index, limits.usualSmallest)].flatMap((smallestObject) =>
      choices.map((largestComponent) => ({ threshold, smallestObject, largestComponent })),
    ),
  );
}

/**
 * Volumes in mm³ that tell false objects from the next larger object, halfway between their sizes on a logarithmic scale: at
 * most 16, spread evenly over the false objects, and none above the limit.
 */
function smallestObjects(cases: readonly CaseObjects[], threshold: number, limit: number): number[] {
  const falseVolumes = new Set<number>();
  const all = new Set<number>();
  for (const { voxelVolume, thresholds } of cases) {
    const { touching, falseObjects } = thresholds[threshold]!;
    for (const { voxels } of touching) all.add(voxels * voxelVolume);
    for (const voxels of falseObjects.keys()) falseVolumes.add(voxels * voxelVolume);
  }
  for (const volume of falseVolumes) all.add(volume);
  const volumes = [...all].sort((a, b) => a - b);
  const limits = volumes.flatMap((volume, at) => {
    if (!falseVolumes.has(volume)) return [];
    const next = volumes[at + 1] ?? 2 * volume;
    const between = Number(Math.sqrt(volume * next).toPrecision(4));
    return between > volume && between <= next && between <= limit ? [between] : [];
  });
  if (limits.length <= mostSizes) return limits;
  return Array.from({ length: mostSizes }, (_, i) => limits[Math.round((i * (limits.length - 1)) / (mostSizes - 1))]!);
}
