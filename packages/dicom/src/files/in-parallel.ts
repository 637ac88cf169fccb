/** Enough to keep a disk busy. */
const atOnce = 8;

/** Works on a few items at a time; the first failure ends it, when the others that have begun are done. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      await work(items[index]!, index).catch((error: unknown) => {
        next = items.length;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: atOnce }, one));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
