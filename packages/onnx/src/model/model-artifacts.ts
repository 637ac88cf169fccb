import { DataError } from '@interseg/errors';

/** One weight of a model, as TensorFlow.js lists it. */
export interface WeightSpec {
  /** The layer and the weight, such as `x_0_0_convolution_1/kernel`. */
  name: string;
  shape: number[];
  /** Only `'float32'` is written. */
  dtype: string;
  /** Present where the values are stored in fewer bits, which is refused. */
  quantization?: unknown;
}

/**
 * A saved network as TensorFlow.js passes it around: the `ModelArtifacts` of `@tensorflow/tfjs-core`, which
 * `model.save(io.withSaveHandler(…))` hands out, with what matters here.
 */
export interface ModelArtifacts {
  /** The layers, as `LayersModel` saves them. */
  modelTopology?: unknown;
  weightSpecs?: WeightSpec[];
  /** The values of all weights, one after the other. */
  weightData?: ArrayBuffer | ArrayBuffer[];
  /** What `setUserDefinedMetadata` was given: InterSeg keeps its description of a model in `interseg`. */
  userDefinedMetadata?: unknown;
}

/**
 * The network in the two files of a model folder. Nothing is computed, so no engine is needed.
 *
 * @param model the text of `model.json`
 * @param weights the content of `weights.bin`
 * @throws DataError when `model.json` is not that of a saved model
 */
export function artifactsFromFiles(model: string, weights: Uint8Array): ModelArtifacts {
  let content: unknown;
  try {
    content = JSON.parse(model);
  } catch (error) {
    throw new DataError('model.json: found broken JSON, expected a saved model.', { cause: error });
  }
  const { modelTopology, weightsManifest, userDefinedMetadata } = (content ?? {}) as {
    modelTopology?: unknown;
    weightsManifest?: unknown;
    userDefinedMetadata?: unknown;
  };
  const groups = Array.isArray(weightsManifest) ? (weightsManifest as { weights?: unknown }[]) : [];
  const weightSpecs = groups.flatMap((group) => group?.weights);
  if (typeof modelTopology !== 'object' || !weightSpecs.every(isWeightSpec)) {
    throw new DataError('model.json: found no modelTopology with its weightsManifest, expected a saved model.');
  }
  return { modelTopology, weightSpecs, weightData: new Uint8Array(weights).buffer, userDefinedMetadata };
}

function isWeightSpec(value: unknown): value is WeightSpec {
  const { name, shape } = (value ?? {}) as Partial<WeightSpec>;
  return typeof name === 'string' && Array.isArray(shape);
}
