import { withPath } from '../scans/file-paths.ts';

/** Gives the files that are dropped anywhere on the page, those in folders included. */
export function onDrop(take: (files: File[]) => void): void {
  let depth = 0;
  const hover = (change: number): void => {
    depth = Math.max(0, depth + change);
    document.body.classList.toggle('is-dropping', depth > 0);
  };
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragenter', (event) => hasFiles(event) && hover(1));
  addEventListener('dragleave', (event) => hasFiles(event) && hover(-1));
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    hover(-depth);
    // The entries must be taken out before the event is over.
    const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry());
    const single = [...(event.dataTransfer?.files ?? [])];
    const isPlain = entries.every((entry) => !entry?.isDirectory);
    if (isPlain) return take(single);
    void Promise.all(entries.filter((entry) => entry !== null).map(filesIn)).then((files) => take(files.flat()));
  });
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [withPath(file, entry.fullPath.replace(/^\//, ''))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  for (;;) {
    // A folder is read in parts.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return files;
    for (const one of part) files.push(...(await filesIn(one)));
  }
}
