import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { exists, writeAtomically, makeFolder } from '@interseg/files';
import type { SegmentationNetwork } from '@interseg/models';
import type { Variable } from '@tensorflow/tfjs-core';
import type { TrainingState } from '../loop/training-state.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import { averagePrefix } from '../optimizer/weight-average.ts';
import {
  checkpointNames,
  checkpointText,
  digestOf,
  readCheckpointFile,
  type CheckpointNotes,
} from './checkpoint-file.ts';
import { packTensors, unpackTensors, type TensorEntry } from './tensor-file.ts';
import { writeDurably } from './write-durably.ts';

/**
 * Writes weights, moments and state into a folder; the checkpoint before it stays as `previous.json`. Each checkpoint has a
 * weights file of its own, and `checkpoint.json`, which names it, is renamed into place last: a crash at any moment leaves a
 * complete checkpoint.
 *
 * @throws DataError when the folder cannot be written to, Error when the disk is full; the last checkpoint is intact then
 */
export async function writeCheckpoint(
  folder: string,
  network: SegmentationNetwork,
  optimizer: Optimizer,
  state: TrainingState,
  notes: CheckpointNotes = {},
): Promise<void> {
  await makeFolder(folder);
  const { entries, bytes } = await packTensors(namedVariables(network, optimizer));
  const sha256 = digestOf(bytes);
  const file = `weights-${state.step}-${sha256.slice(0, 8)}.bin`;
  await writeDurably(join(folder, file), bytes);
  const { variant, ...options } = network.options;
  const text = checkpointText({
    format: 'interseg-checkpoint',
    version: 2,
    variant: variant.name,
    // As JSON reads it back, so that the digest is of the same text.
    ...(JSON.parse(JSON.stringify({ network: options, notes, state })) as {
      network: typeof options;
      notes: CheckpointNotes;
      state: TrainingState;
    }),
    weights: { file, sha256, tensors: entries },
  });
  const [current, previous] = [join(folder, checkpointNames.current), join(folder, checkpointNames.previous)];
  if (await exists(current)) await writeAtomically(previous, (temporary) => copyFile(current, temporary));
  await writeDurably(current, text);
  await removeUnused(folder);
}

/** Removes weights that no checkpoint names, and files that a killed process left half written. */
async function removeUnused(folder: string): Promise<void> {
  const used = new Set<string>();
  for (const name of Object.values(checkpointNames)) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    for (const [file] of text.matchAll(/weights-[\w-]+\.bin/g)) used.add(file);
  }
  for (const name of await readdir(folder)) {
    const isOld = name.startsWith('weights-') && !used.has(name);
    if (isOld || /^\..*\.tmp$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

/**
 * Restores weights and state from a folder that {@link writeCheckpoint} wrote, and moments if an optimiser is given. Without
 * one, the weights are those to predict with: their averages, where the checkpoint has them.
 *
 * @throws DataError when there is no checkpoint, it is of another network or another optimiser, or a digest does not match; the network is left
 * as it was then
 */
export async function readCheckpoint(
  folder: string,
  network: SegmentationNetwork,
  optimizer: Optimizer | undefined,
): Promise<TrainingState> {
  return restore(folder, checkpointNames.current, network, () => optimizer);
}

/**
 * Restores the last intact checkpoint: a damaged one is replaced by the one before it.
 *
 * @param chooseOptimizer the optimiser that reached a state; `undefined` if its moments are not needed
 * @param onDamage called with one sentence: what is damaged and what is used instead
 * @returns `undefined` if no checkpoint has been written yet
 * @throws DataError when there are checkpoints, but none is intact and of this network
 */
export async function recoverCheckpoint(
  folder: string,
  network: SegmentationNetwork,
  chooseOptimizer: (state: TrainingState) => Optimizer | undefined,
  onDamage: (message: string) => void,
): Promise<TrainingState | undefined> {
  const [current, previous] = [join(folder, checkpointNames.current), join(folder, checkpointNames.previous)];
  const hasPrevious = await exists(previous);
  if (!(await exists(current)) && !hasPrevious) return undefined;
  try {
    return await restore(folder, checkpointNames.current, network, chooseOptimizer);
  } catch (error) {
    if (!hasPrevious || !(error instanceof DataError)) throw error;
    const state = await restore(folder, checkpointNames.previous, network, chooseOptimizer).catch(() => {
      throw error;
    });
    const reason = error.message.replace(/\.$/, '');
    onDamage(
      `damaged checkpoint (${reason}): going on from the one before it, epoch ${state.epoch}, step ${state.step}`,
    );
    // Otherwise the next checkpoint would move the damaged one over the intact one.
    await writeAtomically(current, (temporary) => copyFile(previous, temporary));
    return state;
  }
}

async function restore(
  folder: string,
  name: string,
  network: SegmentationNetwork,
  chooseOptimizer: (state: TrainingState) => Optimizer | undefined,
): Promise<TrainingState> {
  const { content, bytes, weightsPath } = await readCheckpointFile(folder, name);
  const optimizer = chooseOptimizer(content.state);
  const { tensors } = content.weights;
  if (optimizer) checkOptimizer(tensors, optimizer, weightsPath);
  const prefix = !optimizer && hasAverages(tensors) ? averagePrefix : '';
  const variables = namedVariables(network, optimizer).map(({ name, tensor }) => ({ name: prefix + name, tensor }));
  const wanted = new Set(variables.map((variable) => variable.name));
  const selected = optimizer ? { entries: tensors, bytes } : select(tensors, bytes, wanted);
  unpackTensors(selected.entries, selected.bytes, variables, weightsPath);
  return content.state;
}

const hasAverages = (entries: readonly TensorEntry[]): boolean =>
  entries.some(({ name }) => name.startsWith(averagePrefix));

/** Refuses what another optimiser remembers, in words that say more than that its tensors do not match. */
function checkOptimizer(entries: readonly TensorEntry[], { name, average }: Optimizer, file: string): void {
  if (hasAverages(entries) !== (average !== undefined)) {
    const [found, expected] = average ? ['no averages', 'them'] : ['averages', 'none'];
    throw new DataError(`${file}: found ${found} of the weights, expected ${expected}, as averageWeights says.`);
  }
  const found = entries.map((entry) => /^([\w-]+)\/\d+\//.exec(entry.name)?.[1]).find((one) => one !== undefined);
  if (found === undefined || found === name) return;
  throw new DataError(`${file}: found what the optimiser ${found} remembers, expected that of ${name}.`);
}

function namedVariables(network: SegmentationNetwork, optimizer?: Optimizer): { name: string; tensor: Variable }[] {
  const weights = [...network.variables].map(([name, tensor]) => ({ name, tensor }));
  const state = [...(optimizer?.state ?? [])].map(([name, tensor]) => ({ name, tensor }));
  return [...weights, ...state];
}

/** Selects the entries and bytes of the named tensors. */
function select(entries: readonly TensorEntry[], bytes: Uint8Array, names: ReadonlySet<string>) {
  let offset = 0;
  const kept = entries.map((entry) => {
    const start = offset;
    offset += 4 * entry.shape.reduce((a, b) => a * b, 1);
    return { entry, part: bytes.subarray(start, offset) };
  });
  const chosen = kept.filter(({ entry }) => names.has(entry.name));
  return { entries: chosen.map(({ entry }) => entry), bytes: Buffer.concat(chosen.map(({ part }) => part)) };
}
