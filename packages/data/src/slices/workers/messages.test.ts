import { DataError, OptionError } from '@interseg/errors';
import { expect, it } from 'vitest';
import { packError, unpackError } from './messages.ts';
import type { Task } from './tasks.ts';

const task = { kind: 'prepare', item: { images: ['a.nii'] } } as unknown as Task;

function send(error: unknown): Error {
  return unpackError(structuredClone(packError(error, task)));
}

it.each([new DataError('b.nii: damaged.'), new OptionError('size: found 0.')])(
  'carries $name across threads with its class, message and stack',
  (error) => {
    const received = send(error);
    expect(received).toBeInstanceOf(error.constructor);
    expect(received).toMatchObject({ name: error.name, message: error.message, stack: error.stack });
  },
);

it("gives any other error the task's file, and no class", () => {
  for (const error of [new RangeError('Invalid array length'), 'Invalid array length']) {
    const received = send(error);
    expect(received.constructor).toBe(Error);
    expect(received.message).toBe('a.nii: Invalid array length');
  }
});
