import { OptionError } from '@interseg/errors';
import type { Case } from '../dataset.ts';
import { createRandom } from '../random/random.ts';
import type { Split } from './split.ts';

/** The cases of a data set, with labels and without. */
export interface LabelledAndUnlabelled {
  readonly cases: readonly Pick<Case, 'id' | 'patient'>[];
  readonly unlabelled: readonly Pick<Case, 'id' | 'patient'>[];
}

/** What {@link drawLabelled} and {@link drawUnlabelled} draw. */
export interface CaseDraw {
  /** How many patients or cases, or all there are. */
  count: number | 'all';
  /** Defaults to 0. */
  seed?: number | string;
}

/**
 * Keeps the labels of some of the patients for training. The cases of the others join those that {@link drawUnlabelled} draws
 * from. A larger number keeps the patients of a smaller one with the same seed. The other parts stay as they are.
 *
 * @throws OptionError if fewer patients are for training than are wanted
 */
export function drawLabelled(
  dataset: LabelledAndUnlabelled,
  split: Readonly<Split>,
  { count, seed = 0 }: CaseDraw,
): Split {
  if (count === 'all') return { ...split };
  const patientOf = new Map(dataset.cases.map(({ id, patient }) => [id, patient]));
  // Sorted by code units, as patients are in a split.
  const patients = [...new Set(split.train.map((id) => patientOf.get(id)!))].sort();
  if (patients.length < count) {
    const found = `${patients.length} ${patients.length === 1 ? 'patient is' : 'patients are'}`;
    throw new OptionError(
      `The option labelled is ${count}, but ${found} for training; expected at most ${patients.length}.`,
    );
  }
  const chosen = new Set(createRandom(seed).fork('labelled').shuffle(patients).slice(0, count));
  const isChosen = (id: string): boolean => chosen.has(patientOf.get(id)!);
  const others = split.train.filter((id) => !isChosen(id));
  return { ...split, train: split.train.filter(isChosen), unlabelled: [...poolFor(dataset, split), ...others].sort() };
}

/**
 * Draws cases without labels, of patients who are neither validated nor tested on: an image of theirs would not be new to
 * the network. A larger number holds the cases of a smaller one with the same seed.
 *
 * @param split the parts. A list of `unlabelled` cases is what is drawn from, where it has one
 * @returns ids, sorted
 * @throws OptionError if there are fewer than are wanted, or none
 */
export function drawUnlabelled(
  dataset: LabelledAndUnlabelled,
  split: Readonly<Split>,
  { count, seed = 0 }: CaseDraw,
): string[] {
  const pool = poolFor(dataset, split);
  const wanted = count === 'all' ? Math.max(1, pool.length) : count;
  if (pool.length < wanted) {
    const found = `there ${pool.length === 1 ? 'is 1 case' : `are ${pool.length} cases`}`;
    const expected = pool.length === 0 ? 'at least one' : `at most ${pool.length}`;
    throw new OptionError(
      `The option unlabelled is ${count}, but ${found} without labels of patients who are not for validation or test; expected ${expected}.`,
    );
  }
  return createRandom(seed).fork('unlabelled').shuffle(pool).slice(0, wanted).sort();
}

function poolFor({ cases, unlabelled }: LabelledAndUnlabelled, split: Readonly<Split>): string[] {
  const heldBack = new Set([...split.validation, ...split.test]);
  const patients = new Set(cases.filter(({ id }) => heldBack.has(id)).map(({ patient }) => patient));
  const isNew = unlabelled.filter(({ patient }) => !patients.has(patient)).map(({ id }) => id);
  return [...(split.unlabelled ?? isNew)].sort();
}
