import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { readJsonObject, readContained } from '@interseg/files';
import type { NetworkOptions } from '@interseg/models';
import { util } from '@tensorflow/tfjs-core';
import type { TrainingState } from '../loop/training-state.ts';
import type { TensorEntry } from './tensor-file.ts';

/** What a checkpoint notes about its run, besides the state. */
export interface CheckpointNotes {
  /** The learning rate of the next step. */
  learningRate?: number;
  /** Together with the epoch and step in the state, it decides every random draw that follows. */
  seed?: number;
  /** The versions of the packages that wrote it, by name. */
  versions?: Record<string, string>;
}

/** `checkpoint.json`: the state of training, and the name and digest of the weights file beside it. */
export interface CheckpointFile {
  format: 'interseg-checkpoint';
  version: 2;
  variant: string;
  /** The options of the network. */
  network: Omit<NetworkOptions, 'variant'>;
  notes: CheckpointNotes;
  state: TrainingState;
  weights: { file: string; sha256: string; tensors: TensorEntry[] };
}

/** File names in a checkpoint folder. The previous checkpoint stays until the next one is complete. */
export const checkpointNames = { current: 'checkpoint.json', previous: 'previous.json' } as const;

const description = 'a checkpoint of InterSeg';

/** SHA-256 in hexadecimal digits. */
export function digestOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The text of `checkpoint.json`, which ends with its own digest. */
export function checkpointText(content: CheckpointFile): string {
  return `${JSON.stringify({ ...content, sha256: digestOf(JSON.stringify(content)) }, null, 2)}\n`;
}

/**
 * Reads `checkpoint.json` and the weights that it names, and checks the digests of both.
 *
 * @param name the name of the file in `folder`, of {@link checkpointNames}
 * @throws DataError when one of the two is missing or damaged
 */
export async function readCheckpointFile(
  folder: string,
  name: string,
): Promise<{ content: CheckpointFile; bytes: Uint8Array; weightsPath: string }> {
  const path = join(folder, name);
  const { sha256: ownDigest, ...rest } = await readJsonObject(path, description);
  const content = rest as unknown as CheckpointFile;
  if (content.format !== 'interseg-checkpoint' || content.version !== 2) {
    throw new DataError(`${path}: found format ${content.format} ${content.version}, expected interseg-checkpoint 2.`);
  }
  if (digestOf(JSON.stringify(content)) !== ownDigest) {
    throw new DataError(`${path}: found other content than was written, expected the digest at its end.`);
  }
  const { file, sha256, tensors } = content.weights;
  if (!/^weights-[\w-]+\.bin$/.test(file)) {
    throw new DataError(`${path}: found the weights file '${file}', expected a name such as weights-120-0a1b2c3d.bin.`);
  }
  const weightsPath = join(folder, file);
  const size = 4 * tensors.reduce((sum, { shape }) => sum + util.sizeFromShape(shape), 0);
  const bytes = await readContained(folder, file, { exactly: size }, `the weights of ${path}`);
  if (digestOf(bytes) !== sha256) {
    throw new DataError(
      `${weightsPath}: found other content than was written, expected the digest that ${path} names.`,
    );
  }
  return { content, bytes, weightsPath };
}
