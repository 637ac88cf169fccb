import type { Engine, EngineName, EngineOptions, EngineStatus } from '../types.ts';

/** How one engine is looked at and started. */
export interface Driver {
  readonly name: EngineName;
  /** Tells whether the engine can run here, without starting more than it must. */
  status(): Promise<EngineStatus>;
  /**
   * Starts the engine and makes it the current one.
   *
   * @param isNamed whether it was asked for by its name; where not, one that would be a poor choice throws, too
   * @throws EngineError with the reason
   */
  start(options: EngineOptions, isNamed: boolean): Promise<Engine>;
}
