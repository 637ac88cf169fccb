import type { Engine, EngineName, EngineOptions, EngineStatus } from '../types.ts';

/** Reports on one engine and starts it. */
export interface Driver {
  readonly name: EngineName;
  /** Reports whether the engine can run here, and starts as little as possible for that. */
  status(): Promise<EngineStatus>;
  /**
   * Starts the engine and makes it the current one.
   *
   * @param isNamed whether the user asked for it by name; otherwise an engine that would be a poor choice throws, too
   * @throws EngineError with the reason
   */
  start(options: EngineOptions, isNamed: boolean): Promise<Engine>;
}
