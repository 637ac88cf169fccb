/**
 * Yields what an iterator yields, having asked it for the next `ahead` elements before they are wanted. An error arrives where
 * its element would have.
 */
export async function* prefetch<T>(source: AsyncIterator<T, void>, ahead: number): AsyncGenerator<T, void> {
  const asked: Promise<IteratorResult<T, void>>[] = [];
  try {
    for (;;) {
      while (asked.length < ahead) {
        const next = source.next();
        // It is told when its turn comes; until then it is not an unhandled rejection.
        next.catch(() => undefined);
        asked.push(next);
      }
      const result = await asked.shift()!;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    // Not awaited: what is under way would have to end first.
    source.return?.()?.catch(() => undefined);
  }
}
