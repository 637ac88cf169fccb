// How much of its time a training loop waits for data: node tools/bench/feeding.mjs [--engine wasm] [--epochs 3] [--size 96]
// [--batch 8] [--filters 8,16,32,64,128] [--variant unet] [--patients 8] [--augmentation full]. Five ways of feeding on the same
// phantoms, each without its first epoch: in the calling thread and in worker threads, with all cases in memory and with a third
// of them (so that cases are read again in every epoch, from the files or from a cache on disk).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { augmentationPresets, generatePhantoms, openSlices } from '@interseg/data';
import { createNetwork } from '@interseg/models';
import { compileStep, useEngine } from '@interseg/runtime';
import { fit } from '@interseg/training';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'wasm' },
    epochs: { type: 'string', default: '3' },
    size: { type: 'string', default: '96' },
    batch: { type: 'string', default: '8' },
    filters: { type: 'string', default: '8,16,32,64,128' },
    variant: { type: 'string', default: 'unet' },
    patients: { type: 'string', default: '8' },
    augmentation: { type: 'string', default: 'full' },
  },
});
const [size, batchSize, epochs, patients] = [values.size, values.batch, values.epochs, values.patients].map(Number);
const filters = values.filters.split(',').map(Number);
if (!(values.augmentation in augmentationPresets)) {
  const known = Object.keys(augmentationPresets).join(', ');
  console.error(`--augmentation is ${values.augmentation}, expected one of ${known}.`);
  process.exit(2);
}
const engine = await useEngine(values.engine);
const folder = await mkdtemp(join(tmpdir(), 'interseg-feeding-'));
const cache = { folder: join(folder, 'cache') };

try {
  const shape = [size, size, 48];
  const phantoms = await generatePhantoms(join(folder, 'phantoms'), { patients, shape, spacing: [2, 2, 4] });
  const bytes = patients * 48 * size * size * 6;
  console.log(
    `${engine.description}; ${values.variant}, ${size}×${size}, batch ${batchSize}, ${patients} cases of ${shape.join('×')} voxels, augmentation ${values.augmentation}`,
  );
  console.log('feeding\tsteps\tms per step\twaiting for data');
  await measure('calling thread, all in memory', { workers: 0 });
  await measure('worker threads, all in memory', {});
  await measure('calling thread, a third in memory', { workers: 0, memoryLimit: bytes / 3 });
  await measure('worker threads, a third in memory', { memoryLimit: bytes / 3 });
  await measure('worker threads, a third in memory, cache', { memoryLimit: bytes / 3, cache });

  async function measure(name, options) {
    const ids = phantoms.cases.map(({ id }) => id);
    const augmentation = augmentationPresets[values.augmentation];
    const source = await openSlices(
      phantoms,
      ids,
      { size: [size, size] },
      { augmentation, backgroundSlices: 1, ...options },
    );
    const network = createNetwork({ variant: values.variant, inputShape: [size, size, 1], classes: 1, filters });
    let [waiting, total, steps, started] = [0, 0, 0, 0];
    // The loop's own iteration, with a watch on each request.
    const watched = {
      ...source,
      async *batches(batchOptions) {
        const batches = source.batches(batchOptions)[Symbol.asyncIterator]();
        const counts = batchOptions.epoch > 1;
        started = performance.now();
        for (;;) {
          const asked = performance.now();
          const { done, value } = await batches.next();
          if (counts) waiting += performance.now() - asked;
          if (done) break;
          if (counts) steps++;
          yield value;
        }
        if (counts) total += performance.now() - started;
      },
    };
    await fit(network, { train: watched }, { epochs, batchSize, patience: 0, compileStep });
    network.dispose();
    console.log(`${name}\t${steps}\t${(total / steps).toFixed(0)}\t${((100 * waiting) / total).toFixed(1)} %`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
