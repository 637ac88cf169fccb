export * from './browser.ts';
export { createOnce } from './create-once.ts';
export { fileError, isDiskFull } from './file-error.ts';
export { exists, listFolder, makeFolder, type FolderContent } from './folders.ts';
export { describeValue, isObject, jsonText, readJsonObject, writeJson } from './json.ts';
export { readContained } from './read-contained.ts';
export { writeAtomically } from './write-atomically.ts';
