import type { EpochRecord, MetricsFile, PostProcessingChoice, RunConfiguration } from '@interseg/training';
import type { CasePictures } from '../../slice-pictures/case-pictures.ts';

/** The mean absolute activation of the features of one level, epoch by epoch. */
export interface FeatureCurve {
  name: string;
  /** 0 is the bottleneck. */
  level: number;
  /** Whether the features are those of the mask (y′_j) rather than of the image (y_j). */
  isTarget: boolean;
  values: (number | undefined)[];
}

/** Everything that the report of a run shows. What a run does not have yet is missing here and in the report. */
export interface RunContent {
  /** The name of the run folder. */
  run: string;
  /** How the model is tried on a scan in the browser, where there is one. */
  view?: { command: string; isPageInRun: boolean };
  variantTitle: string;
  /** How the network is supervised, in a sentence. */
  variantDescription: string;
  /** Name of the data set. */
  dataset: string;
  configuration: RunConfiguration;
  environment: Record<string, unknown>;
  history: EpochRecord[];
  /** Activations of the matched features; empty for variants that match none. */
  features: FeatureCurve[];
  /** Number of cases in each part; of those without labels, 0 where none are trained on. */
  split?: { train: number; validation: number; test: number; unlabelled?: number };
  /** Number of weights of the deployed network. */
  parameters?: number;
  metrics?: MetricsFile;
  postProcessing?: PostProcessingChoice;
  pictures: CasePictures[];
  /** Name of the channel that the pictures show, where there are several. */
  channel?: string;
  /** Sentences about what the report cannot show, and why. */
  notes: string[];
}
