/** Thrown to leave work that an interruption ends, where that work has no result of its own to say so. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor() {
    super('Interrupted.');
  }
}
