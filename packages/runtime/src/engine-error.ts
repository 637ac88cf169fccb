import type { EngineName } from './types.ts';

/** An engine cannot run, or cannot go on; the message is one sentence. */
export class EngineError extends Error {
  override name = 'EngineError';
  /** The engine concerned. */
  readonly engine: EngineName;

  constructor(engine: EngineName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.engine = engine;
  }
}
