/** What a conversion wrote. */
export interface Converted {
  readonly input: string;
  readonly output: string;
  /** The segments of a mask. */
  readonly segments?: readonly {
    readonly name: string;
    /** The values in the label map. */
    readonly values: readonly number[];
    /** What it is, in the words of its code. */
    readonly type: string;
    readonly voxels: number;
    readonly millilitres: number;
  }[];
  /** The grid of an image. */
  readonly shape?: readonly number[];
  readonly spacing?: readonly number[];
  /** What the user should know. */
  readonly notes: readonly string[];
}
