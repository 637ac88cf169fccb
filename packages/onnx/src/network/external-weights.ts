import { graphField } from '../writer/encode-model.ts';
import { fieldsOf, readingOnnx } from '../writer/read-protobuf.ts';

/** Field numbers of `onnx.proto3`. */
const [nodeField, attributeField, initializerField, tensorField, subgraphField, placeField] = [1, 5, 5, 5, 6, 14];
/** `TensorProto.DataLocation`. */
const external = 1;

/**
 * Whether a file of ONNX has weights in other files, which a runtime would look for by names that the file gives.
 *
 * @param name what errors call it
 * @throws DataError when it is no file of ONNX, or it is cut off
 */
export function hasExternalWeights(file: Uint8Array, name?: string): boolean {
  return readingOnnx(file, name, () => messagesAt(file, graphField).some(isExternalIn));
}

function isExternalIn(graph: Uint8Array): boolean {
  const attributes = messagesAt(graph, nodeField).flatMap((node) => messagesAt(node, attributeField));
  const constants = attributes.flatMap((attribute) => messagesAt(attribute, tensorField));
  return (
    [...messagesAt(graph, initializerField), ...constants].some(isExternal) ||
    attributes.flatMap((attribute) => messagesAt(attribute, subgraphField)).some(isExternalIn)
  );
}

function isExternal(tensor: Uint8Array): boolean {
  for (const { field, value } of fieldsOf(tensor)) if (field === placeField && value === external) return true;
  return false;
}

function messagesAt(message: Uint8Array, number: number): Uint8Array[] {
  return [...fieldsOf(message)].flatMap(({ field, content }) => (field === number && content ? content : []));
}
