import { DataError } from '@interseg/errors';
import { metadataField } from './encode-model.ts';
import { fieldsOf } from './read-protobuf.ts';

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
 * @throws DataError when it is no file of ONNX, or it is cut off
 */
export function readOnnxMetadata(file: Uint8Array): Record<string, string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const entries: [string, string][] = [];
    let hasGraph = false;
    for (const { field, content } of fieldsOf(file)) {
      if (field === 7) hasGraph = true;
      if (field !== metadataField || !content) continue;
      const texts = [...fieldsOf(content)].map((part) => [part.field, decoder.decode(part.content)] as const);
      const textAt = (number: number): string => texts.find(([one]) => one === number)?.[1] ?? '';
      entries.push([textAt(1), textAt(2)]);
    }
    if (!hasGraph) throw new RangeError('no graph');
    return Object.fromEntries(entries);
  } catch (error) {
    const reason = (error as Error).message;
    throw new DataError(
      `Found ${file.byteLength} bytes that are not ONNX (${reason}), expected the content of a file of ONNX.`,
      {
        cause: error,
      },
    );
  }
}
