import { join } from 'node:path';
import { readCase, type DataSet } from '@interseg/data';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallConfiguration, smallPhantoms } from '../../test/small-run.ts';
import { loadModel, predictVolume } from '@interseg/inference';
import { exportModel } from './export-model.ts';
import { train } from './train.ts';

const hooks = { engine: 'cpu', environment: {} };
let phantoms: DataSet;

beforeAll(async () => {
  await tf.setBackend('cpu');
  phantoms = await smallPhantoms();
});

async function probabilities(folder: string): Promise<number[]> {
  const { model, description } = await loadModel(folder);
  const volume = await readCase(phantoms, phantoms.cases[0]!);
  const result = await predictVolume(model, volume, description);
  model.dispose();
  return result.probabilities.flatMap((values) => [...values]);
}

describe('exportModel', () => {
  it("gives the model that the run itself wrote, and that of the last epoch where it isn't the best", async () => {
    const run = join(await temporaryFolder(), 'run');
    const { bestEpoch, history } = await train(smallConfiguration(phantoms.folder), run, hooks);
    const [best, last] = [join(run, 'again'), join(run, 'last')];
    const tensors = tf.memory().numTensors;
    expect(await exportModel(run, best)).toEqual({ epoch: bestEpoch });
    expect(await exportModel(run, last, { checkpoint: 'last' })).toEqual({ epoch: history.length });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(await probabilities(best)).toEqual(await probabilities(join(run, 'model')));
    const isSame = bestEpoch === history.length;
    expect(JSON.stringify(await probabilities(last)) === JSON.stringify(await probabilities(best))).toBe(isSame);
  });

  it('exports an interrupted run, and says when there is nothing yet', async () => {
    const run = join(await temporaryFolder(), 'run');
    const controller = new AbortController();
    const onEpoch = (): void => controller.abort();
    await train(smallConfiguration(phantoms.folder), run, { ...hooks, signal: controller.signal, onEpoch });
    expect(await exportModel(run, join(run, 'early'))).toEqual({ epoch: 1 });
    await expect(exportModel(join(run, 'early'), join(run, 'none'))).rejects.toThrow('config.json');
  });
});
