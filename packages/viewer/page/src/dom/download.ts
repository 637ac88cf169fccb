import { element } from './element.ts';

/** Saves bytes as a file of the user. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  element('a', { href: url, download: name }).click();
  // Not at once: the browser begins to read after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
