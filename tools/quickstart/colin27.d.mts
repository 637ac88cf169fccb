/** The structures that are learned, by the names in the atlas; label k is the k-th of them. */
export const structures: readonly string[];
/** Writes `dataset.json`, images, labels and `split.json` into a folder. */
export function writeColin27(folder: string): Promise<void>;
