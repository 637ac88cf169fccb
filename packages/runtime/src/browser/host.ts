import type { Gpu } from '../webgpu/backend.ts';

/** The members in use of a browser's worker. */
interface WebWorker {
  onmessage: (() => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(data: unknown): void;
  terminate(): void;
}

interface BrowserHost {
  Worker: new (url: string) => WebWorker;
  navigator: { readonly hardwareConcurrency: number; readonly gpu?: Gpu };
}

/** What browsers have and Node lacks; declared here, as the DOM types would apply to all of InterSeg. */
export const host = globalThis as unknown as BrowserHost;
