/** Whether this thread may sleep; the main thread of a page may not. */
let maySleep: boolean | undefined;

function canSleep(): boolean {
  try {
    // Returns at once, as the word has another value.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a word may have changed: asleep, or in a busy loop where the thread may not sleep. */
export function waitWhile(words: Int32Array, index: number, value: number): void {
  maySleep ??= canSleep();
  if (maySleep) Atomics.wait(words, index, value);
}
