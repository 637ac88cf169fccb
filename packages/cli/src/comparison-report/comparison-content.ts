import type { ComparisonFile } from '@interseg/training';

/** Everything that the report of a comparison shows. */
export interface ComparisonContent {
  /** The name of the folder. */
  name: string;
  comparison: ComparisonFile;
  /** Where the first run was made. */
  environment: Record<string, unknown>;
  /** The figure as a data URI, and its width in pixels. */
  figure?: { uri: string; width: number };
  /** What could not be shown and why, in sentences. */
  notes: string[];
}
