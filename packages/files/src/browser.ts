export { readEntry, zipEntries, type ZipEntry } from './zip.ts';
export { zipOf } from './zip-writer.ts';
