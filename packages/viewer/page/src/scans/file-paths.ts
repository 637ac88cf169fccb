/** The paths that files had in a folder that was dropped; a chosen folder gives them to the browser. */
const paths = new WeakMap<File, string>();

/** Notes the path of a file in a folder that was dropped. */
export function withPath(file: File, path: string): File {
  paths.set(file, path);
  return file;
}

/** Whether a file came in a folder: next to a model that is a run's, whose predictions are no scans to segment. */
export function isInFolder(file: File): boolean {
  return pathOf(file).includes('/');
}

/** The path of a file in the folder that it came in; its name where it came alone. */
export function pathOf(file: File): string {
  return paths.get(file) ?? ((file as { webkitRelativePath?: string }).webkitRelativePath || file.name);
}
