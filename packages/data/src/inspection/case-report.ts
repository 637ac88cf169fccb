/** The intensities of one channel, all voxels together. */
export interface ChannelReport {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly standardDeviation: number;
  /** By percent: `{'0.5': …, '5': …, '50': …, '95': …, '99.5': …}`. */
  readonly percentiles: Readonly<Record<string, number>>;
}

/** The voxels of one class. */
export interface ClassReport {
  readonly name: string;
  readonly voxels: number;
  /** mm³. */
  readonly volume: number;
  /** The volume of each connected object in mm³, the smallest first. Missing without the option `objectSizes`. */
  readonly objects?: readonly number[];
}

/** What is in one case. A case that could not be read has only the first four fields and the problem. */
export interface CaseReport {
  readonly id: string;
  readonly patient: string;
  /** One file with all channels, or one per channel. */
  readonly images: readonly string[];
  readonly label?: string;
  readonly shape?: readonly number[];
  /** Millimetres. */
  readonly spacing?: readonly number[];
  /** The directions of the file's axes, e.g. `'LPS'`. */
  readonly orientation?: string;
  readonly channels?: readonly ChannelReport[];
  /** Missing without labels. */
  readonly classes?: readonly ClassReport[];
  /** One sentence each; empty when all is well. */
  readonly problems: readonly string[];
}
