import { readFile } from 'node:fs/promises';
import { inputChannels } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { fileError, readJsonObject } from '@interseg/files';
import { parseDescription, type DescribedNetwork, type ModelFormat } from '@interseg/inference';
import { onnxLayouts, onnxMetadataKeys, openOnnx, readOnnxMetadata, type FoundRuntime } from '@interseg/onnx';
import { z } from 'zod';

/** What a description may say of a network from elsewhere, beside what that of a model has. */
const networkEnds = z.strictObject({
  layout: z.enum(onnxLayouts).optional(),
  input: z.string().min(1).optional(),
  output: z.string().min(1).optional(),
  logits: z.boolean().optional(),
});

/** Whether a model is a file of ONNX, by its name. */
export function isOnnx(path: string): boolean {
  return /\.onnx$/i.test(path);
}

/**
 * Opens models of ONNX.
 *
 * @param descriptionFile a file with the description of networks that have none, or in place of theirs
 */
export function onnxFormat({ runtime, session }: FoundRuntime, descriptionFile?: string): ModelFormat {
  return {
    matches: isOnnx,
    async open(path) {
      const file = await readFile(path).catch((error: unknown) => {
        throw fileError(path, error, 'a model of ONNX');
      });
      const [json, source] = await readDescription(path, file, descriptionFile);
      const { network = {}, ...content } = json;
      const description = parseDescription({ variant: 'onnx', ...content }, source);
      const { data: ends, error } = networkEnds.safeParse(network);
      if (!ends) {
        const [issue] = error.issues;
        throw new DataError(
          `${source}: found network${issue?.path.map((one) => `.${String(one)}`).join('')} that is not as it should be (${issue?.message}), expected layout, input, output or logits.`,
        );
      }
      const { slices, channels, classes, outputActivation } = description;
      const opened = await openOnnx(file, runtime, {
        name: path,
        channels: inputChannels(slices, channels.length),
        classes: classes.length,
        size: slices.size,
        outputActivation,
        ends,
        session,
      });
      return { network: opened, description } satisfies DescribedNetwork;
    },
  };
}

/** The description, and what errors call its place. */
async function readDescription(
  path: string,
  file: Uint8Array,
  descriptionFile: string | undefined,
): Promise<[Record<string, unknown>, string]> {
  const expected = 'the description of a model';
  if (descriptionFile !== undefined) return [await readJsonObject(descriptionFile, expected), descriptionFile];
  const text = readOnnxMetadata(file, path)[onnxMetadataKeys.description];
  if (text === undefined) {
    throw new DataError(
      `${path}: found a network without ${onnxMetadataKeys.description} in its metadata, expected it there or --description with a file that says what the network needs.`,
    );
  }
  try {
    return [JSON.parse(text) as Record<string, unknown>, `${path}, ${onnxMetadataKeys.description}`];
  } catch (error) {
    throw new DataError(
      `${path}, ${onnxMetadataKeys.description}: found broken JSON (${(error as Error).message}), expected ${expected}.`,
      { cause: error },
    );
  }
}
