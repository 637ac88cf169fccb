import { graphField, metadataField } from './encode-model.ts';
import { fieldsOf, readingOnnx, textOf } from './read-protobuf.ts';

/** The keys of what InterSeg writes into the metadata of a file. */
export const onnxMetadataKeys = {
  /** The `ModelDescription` of `@interseg/inference` as JSON: channels, classes, slices, post-processing. */
  description: 'interseg.description',
  /** The order of axes of input and output: `nchw` or `nhwc`. */
  layout: 'interseg.layout',
  /** What height and width must be a multiple of. */
  sizeMultiple: 'interseg.sizeMultiple',
} as const;

/** The metadata of a network, in the order in which it is written. */
export function describeNetwork(
  userDefinedMetadata: unknown,
  { layout, sizeMultiple }: { layout: string; sizeMultiple: number },
): Record<string, string> {
  const description = (userDefinedMetadata as { interseg?: unknown } | null | undefined)?.interseg;
  return {
    ...(description !== undefined && { [onnxMetadataKeys.description]: JSON.stringify(description) }),
    [onnxMetadataKeys.layout]: layout,
    [onnxMetadataKeys.sizeMultiple]: String(sizeMultiple),
  };
}

/**
 * Reads the metadata of a file of ONNX (`metadata_props`), which onnxruntime does not hand out in JavaScript. The keys that
 * InterSeg writes are {@link onnxMetadataKeys}.
 *
 * @param file its content
 * @param name what errors call it
 * @throws DataError when it is no file of ONNX, or it is cut off
 */
export function readOnnxMetadata(file: Uint8Array, name?: string): Record<string, string> {
  return readingOnnx(file, name, () => {
    const fields = [...fieldsOf(file)];
    if (!fields.some(({ field }) => field === graphField)) throw new RangeError('no graph');
    const entries = fields.flatMap(({ field, content }) => {
      if (field !== metadataField || !content) return [];
      const texts = [...fieldsOf(content)].map((part) => [part.field, textOf(part.content)] as const);
      const textAt = (number: number): string => texts.find(([one]) => one === number)?.[1] ?? '';
      return [[textAt(1), textAt(2)] as const];
    });
    return Object.fromEntries(entries);
  });
}
