import type { EpochRecord, MetricsFile, RunConfiguration } from '@interseg/training';
import type { CasePictures } from '../../slice-pictures/case-pictures.ts';

/** The size of the features of one level in each epoch. */
export interface FeatureCurve {
  name: string;
  /** 0 is the bottleneck. */
  level: number;
  /** Whether they are those of the mask. */
  isTarget: boolean;
  values: (number | undefined)[];
}

/** Everything that a report shows. What a run does not have is missing here, and then in the report. */
export interface ReportContent {
  /** The name of the run folder. */
  run: string;
  variantTitle: string;
  /** What teaches the network, in a sentence. */
  variantDescription: string;
  /** Name of the data set. */
  dataset: string;
  configuration: RunConfiguration;
  environment: Record<string, unknown>;
  history: EpochRecord[];
  /** How large the matched features were, epoch by epoch; empty for variants that match none. */
  features: FeatureCurve[];
  /** How many cases each part has. */
  split?: { train: number; validation: number; test: number };
  /** Weights of the shipped network. */
  parameters?: number;
  metrics?: MetricsFile;
  pictures: CasePictures[];
  /** Name of the channel in the pictures. */
  channel?: string;
  /** What could not be shown and why, in sentences. */
  notes: string[];
}
