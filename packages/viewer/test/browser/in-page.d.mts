/** Whether no scan waits or is being segmented, and there is one. */
export function isSettled(): boolean;
/** Whether the page is cross-origin isolated. */
export function isIsolated(): boolean;
/** Whether threads could share memory. */
export function isSharingMemory(): boolean;
/** By how many pixels the page is wider than its window. */
export function overflow(): number;
/** Bytes that the page and its workers have, after what nobody uses was collected. */
export function memoryInUse(): Promise<number>;
/** How many pixels of a picture, in Base64, have about the hue of a colour, as `#rrggbb`. */
export function countPixels(input: { png: string; color: string }): Promise<number>;
/** While the page trains: the median times in milliseconds that it takes to answer, and that a step of training takes. */
export function responsiveness(steps: number): Promise<{ tick: number; step: number }>;
/** Whether the browser offers a GPU, or a program in its place. */
export function hasWebGpu(): Promise<boolean>;
/** In a worker: counts from now on how many programs it gives a GPU at a time. */
export function watchPrograms(): void;
/** The most of them. */
export function mostPrograms(): number;
