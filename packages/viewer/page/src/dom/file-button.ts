import { element } from './element.ts';

/** A button that lets people choose files. */
export interface FileButtonOptions {
  readonly text: string;
  readonly onFiles: (files: File[]) => void;
  /** Names of files that are offered, as `accept` takes them. */
  readonly accept?: string;
  readonly multiple?: boolean;
  /** Whether a folder is chosen, of which all files are given. */
  readonly folder?: boolean;
  readonly className?: string;
  readonly id?: string;
}

/** A file input that looks like a button, and works like one with keyboards and screen readers. */
export function fileButton({
  text,
  onFiles,
  accept = '',
  multiple = false,
  folder,
  className = '',
  id = '',
}: FileButtonOptions) {
  const input = element('input', { type: 'file', accept, multiple, id, className: 'visually-hidden' });
  if (folder) input.webkitdirectory = true;
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // Emptied, or the same file could not be chosen a second time.
    input.value = '';
    if (files.length > 0) onFiles(files);
  });
  return element('label', { className: `button ${className}` }, input, text);
}
