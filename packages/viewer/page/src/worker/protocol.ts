import type { ModelDescription, ModelFiles } from '@interseg/inference';

/** Right, anterior and superior, in millimetres. */
export type Position = readonly [number, number, number];

/** A connected component of a mask. */
export interface MaskObject {
  readonly voxels: number;
  readonly millilitres: number;
  /** A voxel of the object, the one nearest to its centre. */
  readonly position: Position;
}

/** What a scan has of a class. */
export interface ClassResult {
  readonly name: string;
  /** The label values of the class. */
  readonly values: readonly number[];
  readonly voxels: number;
  readonly millilitres: number;
  /** The largest first. */
  readonly objects: readonly MaskObject[];
}

/** The mask of a scan. */
export interface Segmentation {
  /** The label map for a download: the content of a `.nii.gz`. */
  readonly mask: Blob;
  /** For display: a `.nii.gz` in which a voxel is the place of its label in `labels`, times `stepBetween`. */
  readonly display: Blob;
  /** 0, and the label values of the model in order. */
  readonly labels: readonly number[];
  readonly classes: readonly ClassResult[];
  /** From the first byte read to the mask. */
  readonly seconds: number;
  /** Sentences about what may be wrong with the scan. */
  readonly warnings: readonly string[];
}

/** How the mask of a class agrees with a reference. */
export interface ClassComparison {
  readonly name: string;
  /** NaN where both are empty. */
  readonly dice: number;
  /** The number of objects of the reference. */
  readonly objects: number;
  /** Objects of the reference without a voxel in the mask. */
  readonly missed: readonly MaskObject[];
  /** Objects of the mask without a voxel in the reference. */
  readonly surplus: readonly MaskObject[];
}

/** How a mask agrees with a reference. */
export interface Comparison {
  readonly classes: readonly ClassComparison[];
  /** For display: a `.nii.gz` with place 1 in missed objects and 2 in surplus ones, times `stepBetween`. */
  readonly marks: Blob;
}

/** What is to compute. */
export interface EngineSettings {
  /** Defaults to the better one. */
  readonly engine?: 'wasm' | 'webgpu';
  /** Of wasm, at most so many, from 1 to 8. Defaults to the number of cores. */
  readonly threads?: number;
}

/** A model that is ready. */
export interface ModelInfo {
  readonly description: ModelDescription;
  /** A name for people, if its files have one. */
  readonly name?: string;
  /** What computes, such as `wasm (SIMD, 4 threads)`. */
  readonly engine: string;
  /** Why WebGPU does not compute, in a sentence; undefined where it does, or wasm was asked for. */
  readonly note?: string;
}

/** A scan with the mask that people drew. */
export interface AnnotatedFiles {
  readonly name: string;
  /** One file with all channels, or one for each channel, in order. */
  readonly files: readonly File[];
  readonly mask: File;
}

/** How a model is trained further. */
export interface FineTuningSettings {
  /** At least 1. */
  readonly epochs: number;
  /** Of Adam, above 0; it falls to 0 as half a cosine. */
  readonly learningRate: number;
  /** Slices in a step, at least 1. */
  readonly batchSize: number;
  /** Decides the order of the slices, and how they are changed at random. */
  readonly seed: number;
}

/** The Dice of a class in a scan, NaN where it is neither in the mask nor in the reference. */
export interface DiceChange {
  readonly scan: string;
  /** The name of the class. */
  readonly label: string;
  readonly before: number;
  /** Undefined where it was not measured. */
  readonly after?: number;
}

/** A model that was trained further. */
export interface FineTuned {
  /** A zip archive of the model, with its description. */
  readonly archive: Blob;
  /** Whether it was stopped before the last epoch. */
  readonly stopped: boolean;
  /** The mean loss of each whole epoch. */
  readonly losses: readonly number[];
  readonly dice: readonly DiceChange[];
  readonly seconds: number;
  /** Sentences about what may be wrong. */
  readonly warnings: readonly string[];
}

/** What the worker does: what goes in, and what comes out. */
export interface Tasks {
  load: { input: { files: ModelFiles; settings: EngineSettings }; output: ModelInfo };
  segment: { input: { files: readonly File[] }; output: Segmentation };
  fineTune: {
    /** @param name of the new model, for people */
    input: { scans: readonly AnnotatedFiles[]; settings: FineTuningSettings; name: string };
    output: FineTuned;
  };
  compare: { input: { mask: Blob; reference: File }; output: Comparison };
}

/** The name of a task. */
export type TaskName = keyof Tasks;

/** From the page to the worker. */
export type Request =
  | { [Name in TaskName]: { id: number; task: Name; input: Tasks[Name]['input'] } }[TaskName]
  | { id: number; task: 'stop' };

/** From the worker to the page. */
export type Answer =
  | { id: number; kind: 'progress'; progress: Progress }
  | { id: number; kind: 'output'; output: unknown }
  | { id: number; kind: 'error'; message: string; stopped: boolean };

/** How far a task has come. */
export interface Progress {
  /** What it does now. */
  readonly text: string;
  /** The part done, in [0, 1]; undefined where that is not known. */
  readonly part?: number;
  /** Of training: the mean loss of each whole epoch. */
  readonly losses?: readonly number[];
}
