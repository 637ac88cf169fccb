import { describe, expect, it } from 'vitest';
import { caseVolume } from '../../../test/case-volume.ts';
import { MemoryCache } from './memory-cache.ts';
import { prepareCase } from '../preparation/prepare-case.ts';

describe('MemoryCache', () => {
  it('prepares a case again only when it had to leave, the longest unused first', async () => {
    const prepared: string[] = [];
    const volume = caseVolume({ shape: [1, 1, 1], channels: [Float32Array.of(1)] });
    // One pixel of four bytes each; three fit.
    const store = new MemoryCache(12, async (id) => {
      prepared.push(id);
      return { ...prepareCase(volume, [], { size: [1, 1] }), id };
    });
    for (const id of ['a', 'b', 'c', 'a', 'd', 'a', 'c', 'b']) expect((await store.load(id)).id).toBe(id);
    // d made b leave, which was used before c and a; b made d leave.
    expect(prepared).toEqual(['a', 'b', 'c', 'd', 'b']);
    await store.load('d');
    expect(prepared).toEqual(['a', 'b', 'c', 'd', 'b', 'd']);
  });
});
