import type { PreparedCase } from '../preparation/prepared-case.ts';

/** Keeps prepared cases in memory up to a limit, and drops the least recently used ones first. */
export class MemoryCache {
  private readonly kept = new Map<string, PreparedCase>();
  private readonly underWay = new Map<string, Promise<PreparedCase>>();
  private keptBytes = 0;
  private readonly limit: number;
  private readonly prepare: (id: string) => Promise<PreparedCase>;

  constructor(limit: number, prepare: (id: string) => Promise<PreparedCase>) {
    this.limit = limit;
    this.prepare = prepare;
  }

  /** Returns a case, from memory or newly prepared. Simultaneous calls for the same case prepare it once. */
  async load(id: string): Promise<PreparedCase> {
    const found = this.kept.get(id);
    if (found) {
      this.keep(found);
      return found;
    }
    let promise = this.underWay.get(id);
    if (!promise) {
      promise = this.prepare(id).finally(() => this.underWay.delete(id));
      this.underWay.set(id, promise);
    }
    const prepared = await promise;
    this.keep(prepared);
    return prepared;
  }

  private keep(prepared: PreparedCase): void {
    // A map keeps the order of insertion: whatever is used moves to its end.
    if (this.kept.delete(prepared.id)) this.keptBytes -= prepared.bytes;
    for (const [id, oldest] of this.kept) {
      if (this.keptBytes + prepared.bytes <= this.limit) break;
      this.kept.delete(id);
      this.keptBytes -= oldest.bytes;
    }
    this.kept.set(prepared.id, prepared);
    this.keptBytes += prepared.bytes;
  }
}
