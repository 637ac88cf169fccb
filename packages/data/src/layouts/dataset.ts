/** One class of a segmentation. */
export interface ClassDefinition {
  readonly name: string;
  /** The label values whose voxels belong to the class. Classes may share values: then their regions overlap. */
  readonly values: readonly number[];
}

/** One image with, if it is known, its segmentation. */
export interface Case {
  /** Unique in its data set: the file name of the image without `.nii` or `.nii.gz`, or the name of the case's folder. */
  readonly id: string;
  /** Who the image shows. Cases of one patient are never split between training and test. */
  readonly patient: string;
  /** Absolute paths: one file with all channels, or one file for each channel, in the order of the channels. */
  readonly images: readonly string[];
  /** The absolute path of the label map. */
  readonly label?: string;
}

/** How an image was made, which decides how its intensities are normalised unless told. */
export type Modality = 'mr' | 'ct';

/** A folder of images with what they mean. */
export interface DataSet {
  readonly name: string;
  /** The absolute path of the folder. */
  readonly folder: string;
  /** The names of the channels of every image, in order. */
  readonly channels: readonly string[];
  readonly modality: Modality;
  /** The classes, background not among them. */
  readonly classes: readonly ClassDefinition[];
  /** Label values besides 0 that may occur and belong to no class; none unless told. */
  readonly background?: readonly number[];
  /** The cases with labels. */
  readonly cases: readonly Case[];
  /** The cases without. */
  readonly unlabelled: readonly Case[];
  /** What is amiss but keeps nobody from training, in sentences, such as files without labels that are missing. */
  readonly problems: readonly string[];
}
