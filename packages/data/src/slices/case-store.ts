import type { PreparedCase } from './prepare-case.ts';

/** Keeps prepared cases in memory up to a limit, the longest unused leaving first. */
export class CaseStore {
  private readonly kept = new Map<string, PreparedCase>();
  private keptBytes = 0;

  constructor(
    private readonly limit: number,
    private readonly prepare: (id: string) => Promise<PreparedCase>,
  ) {}

  /** The case, from memory or prepared anew. */
  async load(id: string): Promise<PreparedCase> {
    const found = this.kept.get(id);
    const prepared = found ?? (await this.prepare(id));
    // A map keeps the order of insertion: what is used moves to its end.
    if (this.kept.delete(id)) this.keptBytes -= prepared.bytes;
    this.makeRoom(prepared.bytes);
    this.kept.set(id, prepared);
    this.keptBytes += prepared.bytes;
    return prepared;
  }

  private makeRoom(bytes: number): void {
    for (const [id, prepared] of this.kept) {
      if (this.keptBytes + bytes <= this.limit) return;
      this.kept.delete(id);
      this.keptBytes -= prepared.bytes;
    }
  }
}
