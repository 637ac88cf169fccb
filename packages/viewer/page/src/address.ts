import type { EngineSettings } from './worker/protocol.ts';

/**
 * What the address of the page asks for: `?engine=wasm` or `webgpu`, and `?threads=N`, if that is from 1 to 8.
 *
 * @throws Error for another engine
 */
export function engineFromAddress(): EngineSettings {
  const asked = new URLSearchParams(location.search);
  const engine = asked.get('engine') ?? undefined;
  if (engine !== undefined && engine !== 'wasm' && engine !== 'webgpu') {
    throw new Error(`The address of the page has ?engine=${engine}, expected wasm or webgpu.`);
  }
  const threads = Number(asked.get('threads'));
  return { engine, threads: Number.isInteger(threads) && threads >= 1 && threads <= 8 ? threads : undefined };
}
