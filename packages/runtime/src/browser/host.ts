/** What is used of a browser's worker. */
interface WebWorker {
  onmessage: (() => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(data: unknown): void;
  terminate(): void;
}

interface BrowserHost {
  Worker: new (url: string) => WebWorker;
  navigator: { readonly hardwareConcurrency: number };
}

/** What a browser has and Node has not, declared here since the types of the DOM would be those of all of InterSeg. */
export const host = globalThis as unknown as BrowserHost;
