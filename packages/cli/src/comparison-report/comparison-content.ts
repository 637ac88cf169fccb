import type { ComparisonFile } from '@interseg/experiments';

/** Everything that the report of a comparison shows. */
export interface ComparisonContent {
  /** The name of the folder. */
  name: string;
  comparison: ComparisonFile;
  /** The environment of the first run. */
  environment: Record<string, unknown>;
  /** The figure as a data URI, and its width in pixels. */
  figure?: { uri: string; width: number };
  /** Sentences about what the report cannot show, and why. */
  notes: string[];
}
