/** One class of a segmentation. */
export interface ClassDefinition {
  readonly name: string;
  /** The label values of the class. Classes that share values overlap. */
  readonly values: readonly number[];
}

/** One image, with its segmentation if there is one. */
export interface Case {
  /** Unique in the data set: the name of the image without `.nii` or `.nii.gz`, or that of the case's folder. */
  readonly id: string;
  /** The patient that the image shows. Cases of one patient are always in the same part of a split. */
  readonly patient: string;
  /** Absolute paths: one file with all channels, or one file per channel, in the order of the channels. */
  readonly images: readonly string[];
  /** The absolute path of the label map, if there is one. */
  readonly label?: string;
}

/** The modality of images (magnetic resonance, computed tomography), which decides the default normalisation. */
export type Modality = 'mr' | 'ct';

/** A data set: images, and what they mean. */
export interface DataSet {
  readonly name: string;
  /** The absolute path of the folder. */
  readonly folder: string;
  /** The names of the channels, in order; the same for all images. */
  readonly channels: readonly string[];
  readonly modality: Modality;
  /** The classes, without the background. */
  readonly classes: readonly ClassDefinition[];
  /** Label values besides 0 that may occur and belong to no class. Defaults to none. */
  readonly background?: readonly number[];
  /** The cases with labels. */
  readonly cases: readonly Case[];
  /** The cases without labels. */
  readonly unlabelled: readonly Case[];
  /** Problems that do not prevent training, one sentence each, such as missing images without labels. */
  readonly problems: readonly string[];
}
