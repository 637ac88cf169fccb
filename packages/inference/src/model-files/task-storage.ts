import type * as AsyncHooks from 'node:async_hooks';

// Asked for at run time, as no bundler for browsers could resolve an import of it.
const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks') as typeof AsyncHooks | undefined;

/**
 * A value that everything sees that a task does, also after it waited, and nothing else. Browsers cannot tell tasks from each
 * other: there tasks take turns, and what else runs while one waits sees its value, too.
 */
export class TaskStorage<T> {
  private readonly storage = hooks && new hooks.AsyncLocalStorage<T>();
  private value: T | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  /** The value of the task in progress. */
  get(): T | undefined {
    return this.storage ? this.storage.getStore() : this.value;
  }

  /** Does a task that sees the value. @returns what it gives */
  run<R>(value: T, task: () => Promise<R>): Promise<R> {
    if (this.storage) return this.storage.run(value, task);
    const result = this.turn.then(() => {
      this.value = value;
      return task().finally(() => (this.value = undefined));
    });
    this.turn = result.catch(() => undefined);
    return result;
  }
}
