import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, readJsonObject, writeAtomically, writeJson } from '@interseg/data';
import type { SegmentationNetwork } from '@interseg/models';
import type { Variable } from '@tensorflow/tfjs-core';
import type { TrainingState } from '../loop/training-state.ts';
import type { Adam } from '../optimizer/adam.ts';
import { packTensors, unpackTensors, type TensorEntry } from './tensor-file.ts';

/** `checkpoint.json`: the state of training, and what the file of weights beside it must be. */
interface CheckpointFile {
  format: 'interseg-checkpoint';
  version: 1;
  variant: string;
  state: TrainingState;
  weights: { file: string; sha256: string; tensors: TensorEntry[] };
}

const description = 'a checkpoint of InterSeg';

/**
 * Writes weights, moments and state into a folder. The weights get a file of their own for each checkpoint, and
 * `checkpoint.json`, which names it, is renamed into place last: a crash at any moment leaves a complete checkpoint.
 */
export async function writeCheckpoint(
  folder: string,
  network: SegmentationNetwork,
  optimizer: Adam,
  state: TrainingState,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { entries, bytes } = await packTensors(namedVariables(network, optimizer));
  const sha256 = digest(bytes);
  const file = `weights-${state.step}-${sha256.slice(0, 8)}.bin`;
  await writeAtomically(join(folder, file), (temporary) => writeFile(temporary, bytes));
  const content: CheckpointFile = {
    format: 'interseg-checkpoint',
    version: 1,
    variant: network.options.variant.name,
    state,
    weights: { file, sha256, tensors: entries },
  };
  await writeJson(join(folder, 'checkpoint.json'), content);
  for (const name of await readdir(folder)) {
    if (name.startsWith('weights-') && name !== file) await rm(join(folder, name), { force: true });
  }
}

/**
 * Restores weights, moments (where an optimiser is given) and state from a folder that {@link writeCheckpoint} wrote.
 *
 * @throws DataError when there is no checkpoint, it is of another network, or its weights are not those that it was
 * written with (by their digest); the network is left as it was then
 */
export async function readCheckpoint(
  folder: string,
  network: SegmentationNetwork,
  optimizer: Adam | undefined,
): Promise<TrainingState> {
  const path = join(folder, 'checkpoint.json');
  const content = (await readJsonObject(path, description)) as unknown as CheckpointFile;
  if (content.format !== 'interseg-checkpoint' || content.version !== 1) {
    throw new DataError(`${path}: found format ${content.format} ${content.version}, expected interseg-checkpoint 1.`);
  }
  const { file, sha256, tensors } = content.weights;
  if (!/^weights-[\w-]+\.bin$/.test(file)) {
    throw new DataError(`${path}: found the weights file '${file}', expected a name such as weights-120-0a1b2c3d.bin.`);
  }
  const weightsPath = join(folder, file);
  const bytes = await readFile(weightsPath).catch((error: Error) => {
    throw new DataError(`${weightsPath}: cannot be read (${error.message}), expected the weights of ${path}.`);
  });
  if (digest(bytes) !== sha256) {
    throw new DataError(
      `${weightsPath}: found other content than was written, expected the digest that ${path} names.`,
    );
  }
  const variables = namedVariables(network, optimizer);
  const wanted = new Set(variables.map(({ name }) => name));
  const selected = optimizer ? { entries: tensors, bytes } : select(tensors, bytes, wanted);
  unpackTensors(selected.entries, selected.bytes, variables, weightsPath);
  return content.state;
}

function namedVariables(network: SegmentationNetwork, optimizer?: Adam): { name: string; tensor: Variable }[] {
  const weights = [...network.variables].map(([name, tensor]) => ({ name, tensor }));
  const moments = optimizer?.moments.flatMap(({ first, second }, index) => [
    { name: `adam/${index}/first`, tensor: first },
    { name: `adam/${index}/second`, tensor: second },
  ]);
  return [...weights, ...(moments ?? [])];
}

/** The entries and bytes of the named tensors only. */
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

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
