import { setImmediate as immediately } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTurn } from './next-turn.ts';

afterEach(() => vi.unstubAllGlobals());

describe.each(['with setImmediate, as in Node', 'with messages, as in browsers'])('nextTurn %s', (how) => {
  it('lets timers run before it goes on', async () => {
    if (how.startsWith('with messages')) vi.stubGlobal('setImmediate', undefined);
    const order: string[] = [];
    setTimeout(() => order.push('timer'), 0);
    const end = Date.now() + 5_000;
    while (order.length === 0 && Date.now() < end) await nextTurn();
    order.push('after');
    expect(order).toEqual(['timer', 'after']);
    vi.unstubAllGlobals();
    await immediately();
  });
});
