import { OptionError } from '@interseg/errors';
import type { Attributes } from './attributes.ts';
import { encodeDataSet } from './encode-data-set.ts';

/** Identifies InterSeg as the writer of a file. */
const implementation = { uid: '2.25.322666812321466260688928531653543517975', version: 'INTERSEG' };
const explicitLittleEndian = '1.2.840.10008.1.2.1';
/** The 12 bytes of the element with the length of the meta information, (0002,0000). */
const lengthElement = Uint8Array.of(2, 0, 0, 0, 0x55, 0x4c, 4, 0, 0, 0, 0, 0);
const preamble = 128;

/**
 * Encodes a data set as a file (PS3.10): a preamble, meta information, and the data set in explicit VR little endian.
 *
 * @throws OptionError if the class or the identifier of the object is missing, or as {@link encodeDataSet}
 */
export function encodeFile(attributes: Attributes): Uint8Array<ArrayBuffer> {
  const { SOPClassUID, SOPInstanceUID } = attributes;
  if (!SOPClassUID || !SOPInstanceUID) {
    throw new OptionError('data set: found no SOPClassUID or SOPInstanceUID, expected both.');
  }
  const meta = encodeDataSet({
    FileMetaInformationVersion: Uint8Array.of(0, 1),
    MediaStorageSOPClassUID: SOPClassUID,
    MediaStorageSOPInstanceUID: SOPInstanceUID,
    TransferSyntaxUID: explicitLittleEndian,
    ImplementationClassUID: implementation.uid,
    ImplementationVersionName: implementation.version,
  });
  const body = encodeDataSet(attributes);
  const start = preamble + 4 + lengthElement.length;
  const file = new Uint8Array(start + meta.length + body.length);
  file.set(new TextEncoder().encode('DICM'), preamble);
  file.set(lengthElement, preamble + 4);
  new DataView(file.buffer).setUint32(start - 4, meta.length, true);
  file.set(meta, start);
  file.set(body, start + meta.length);
  return file;
}
