export { exists } from './exists.ts';
export { fileError, isDiskFull } from './file-error.ts';
export { describe, isObject, readJsonObject, writeJson } from './json.ts';
export { listFolder, type FolderContent } from './list-folder.ts';
export { makeFolder } from './make-folder.ts';
export { readContained } from './read-contained.ts';
export { writeAtomically } from './write-atomically.ts';
