import { parseSegmentNotes, type SegmentNotes } from '@interseg/dicom';
import { readJsonObject } from '@interseg/files';

/** Reads what is known of segments from a file. @throws DataError if it is not JSON with a list `segments` as is expected */
export async function readSegmentNotes(path: string): Promise<SegmentNotes[]> {
  const { segments } = await readJsonObject(path, 'JSON with a list of segments');
  return parseSegmentNotes(segments, path);
}

/** What is said to the user of segments that have no code. */
export function unknownTermsNote(unknown: readonly string[]): string {
  const [names, are] = [unknown.join(', '), unknown.length === 1 ? 'has no code and is' : 'have no codes and are'];
  return `${names} ${are} said to be tissue; --segments gives codes`;
}
