import { writeFile } from 'node:fs/promises';
import { writeAtomically } from '@interseg/files';

/** Writes the content of a DICOM file, which appears under its name when it is complete. */
export async function writeDicom(path: string, content: Uint8Array): Promise<void> {
  await writeAtomically(path, (temporary) => writeFile(temporary, content));
}
