/** Disjoint sets of the numbers 0 .. n − 1, each identified by its smallest member. */
export class UnionFind {
  private readonly parents: Int32Array;

  constructor(size: number) {
    this.parents = Int32Array.from({ length: size }, (_, i) => i);
  }

  /** The smallest member of the set that holds `member`. */
  findRoot(member: number): number {
    const { parents } = this;
    let root = member;
    while (parents[root] !== root) {
      // Halves the path for the next search.
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  }

  /** Merges two sets. */
  unite(a: number, b: number): void {
    const first = this.findRoot(a);
    const second = this.findRoot(b);
    this.parents[Math.max(first, second)] = Math.min(first, second);
  }
}
