import type { OpenSlicesOptions } from '@interseg/data';
import { z } from 'zod';
import { option } from '../option.ts';
import { count } from './values.ts';

/** Where the work is done, and with how much memory, changes nothing about what comes out. */
const free = { changesResult: false, resumable: true };
/** Engines round differently. */
const engine = { variesInComparison: false, resumable: true };

const schema = z.strictObject({
  engine: option(
    z.enum(['auto', 'native', 'webgpu', 'wasm', 'cpu']).default('auto'),
    'TensorFlow.js engine; auto: the fastest that runs',
    engine,
  ),
  threads: option(count.optional(), 'threads of the engine; defaults to the number of cores', engine),
  precision: option(
    z.enum(['float32', 'bf16', 'auto']).default('float32'),
    'what convolutions are computed in; bf16 is faster and needs native on a processor with avx512_bf16 or amx_bf16; auto: bf16 there, else float32',
    engine,
  ),
  cache: option(z.string().min(1).optional(), 'folder that keeps prepared slices for later runs; defaults to none', {
    ...free,
    path: 'file',
  }),
  cacheLimit: option(z.number().positive().default(20), 'GiB that the cache may take', free),
  workers: option(
    z.int().min(0).max(64).optional(),
    'threads that read and prepare cases, 0 for none; defaults to one per core but one, at most 4',
    free,
  ),
  memoryLimit: option(count.default(2048), 'MiB of prepared slices kept in memory', free),
  checkpointMinutes: option(
    z.number().min(0).default(3),
    'minutes after which a checkpoint is written within a long epoch, too; 0: after each epoch only',
    free,
  ),
  lockSilence: option(
    z.number().min(1).default(120),
    'seconds without a sign of life after which a run is taken over from a process on another machine',
    free,
  ),
});

/** Where and with what the work is done. */
export const computeSection = { title: 'Computing', schema, derive };

function derive({
  cache,
  cacheLimit,
  workers,
  memoryLimit,
}: z.output<typeof schema>): Pick<OpenSlicesOptions, 'cache' | 'workers' | 'memoryLimit'> {
  return {
    memoryLimit: memoryLimit * 2 ** 20,
    workers,
    cache: cache === undefined ? undefined : { folder: cache, limit: cacheLimit * 2 ** 30 },
  };
}
