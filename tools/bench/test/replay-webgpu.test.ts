import { engines } from '@interseg/runtime';
import { describe, expect, it } from 'vitest';
import { trainBothWays } from './both-ways.ts';

const webgpu = (await engines()).find(({ name }) => name === 'webgpu');

describe.skipIf(webgpu?.available !== true)('a replayed training step (needs the webgpu engine)', () => {
  it('equals twi-unet operation by operation, with the average of its weights and λ that warms up', async () => {
    const optimizer = { optimizer: 'adamw', averageWeights: 0.9 } as const;
    const network = { variant: 'twi-unet', normalization: 'batch', seed: 2 } as const;
    const course = { steps: 9, isSmall: (k: number) => k % 3 === 2 };
    const { plain, replayed, largest } = await trainBothWays('webgpu', { network, optimizer, warmsUp: true }, course);
    expect(largest).toBeLessThan(1e-5);
    expect(plain.losses[7]!['total']).not.toBe(plain.losses[0]!['total']);
    for (const [name, values] of plain.weights) {
      values.forEach((value, i) => expect(Math.abs(replayed.weights.get(name)![i]! - value)).toBeLessThan(1e-4));
    }
  });
});
