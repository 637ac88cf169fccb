import type { EngineName } from './types.ts';

/** An engine cannot run, or cannot continue; the message is one sentence. */
export class EngineError extends Error {
  override name = 'EngineError';
  /** The engine. */
  readonly engine: EngineName;

  constructor(engine: EngineName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.engine = engine;
  }
}

/** What went wrong, in one line without its full stop. */
export function shortReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0]!.replace(/\.\s*$/, '');
}
