import type { DataSet } from '@interseg/data';
import { writeJson } from '@interseg/files';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { predictVolume, type ModelDescription, type SliceNetwork } from '@interseg/inference';
import type { MetricsFile } from './metrics-file.ts';
import { segmentCases } from './segment-cases.ts';
import { summarize } from './summarize.ts';

/** Options of {@link evaluateCases}. */
export interface EvaluateCasesOptions {
  description: ModelDescription;
  /** The engine's name, for `metrics.json`. */
  engine: string;
  /** The folder for the predicted label maps, `<case>.nii.gz`. */
  predictions: string;
  /** The path of `metrics.json`. Defaults to none: the metrics are only returned. */
  metrics?: string;
  /** Called before each case. */
  onCase?: (id: string) => void;
}

/**
 * Segments labelled cases on their own grids, and writes each label map and the metrics of all. Only one case is in memory
 * at a time.
 *
 * @returns the content of `metrics.json`
 * @throws DataError when a case cannot be read or a file cannot be written
 */
export async function evaluateCases(
  model: LayersModel | SliceNetwork,
  dataset: DataSet,
  ids: readonly string[],
  { description, engine, predictions, metrics, onCase }: EvaluateCasesOptions,
): Promise<MetricsFile> {
  const results = await segmentCases(dataset, ids, {
    predict: (volume) => predictVolume(model, volume, description),
    classes: description.classes,
    predictions,
    onCase,
  });
  const content = summarize(results, { variant: description.variant, engine });
  if (metrics !== undefined) await writeJson(metrics, content);
  return content;
}
