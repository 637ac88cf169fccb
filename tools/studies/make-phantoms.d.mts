/** The first and the last patient of a part of the split, by their numbers from 1. */
export type Range = [number, number];

/** Flags of `interseg data phantom`, as in `data.json`. */
export type PhantomFlags = Record<string, string | number>;

/** What `data.json` says of phantoms: flags of all patients, kinds of patients with flags of their own, and the split. */
export interface PhantomData {
  kinds?: PhantomFlags[];
  split?: Record<'train' | 'validation' | 'test', Range>;
  [flag: string]: unknown;
}

/** Makes the phantoms of a study, unless they are there, and returns the options of `interseg compare` that name them. */
export function makePhantoms(
  folder: string,
  data: PhantomData,
  interseg: (words: string[]) => unknown,
): Promise<string[]>;

/** The flags of `interseg data phantom` for each kind of patients. */
export function phantomCommands(data: PhantomData): string[][];

/** The split file for the ranges of each part. */
export function splitOf(parts: NonNullable<PhantomData['split']>): Record<'train' | 'validation' | 'test', string[]>;

/** Options as flags of a command: `{ learningRate: 0.1 }` → `--learning-rate 0.1`. */
export function flagsOf(options: Readonly<Record<string, unknown>>): string[];
