/**
 * Yields the elements of an iterator, of which it requests `ahead` elements in advance. An error arrives in the place of
 * its element.
 */
export async function* prefetch<T>(source: AsyncIterator<T, void>, ahead: number): AsyncGenerator<T, void> {
  const asked: Promise<IteratorResult<T, void>>[] = [];
  try {
    for (;;) {
      while (asked.length < ahead) {
        const next = source.next();
        // The error is thrown in its turn; until then it must not become an unhandled rejection.
        next.catch(() => undefined);
        asked.push(next);
      }
      const result = await asked.shift()!;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    // Not awaited, as that would wait for pending elements.
    source.return?.()?.catch(() => undefined);
  }
}
