import { element } from './element.ts';

const region = element('p', { className: 'visually-hidden', attributes: { role: 'status' } });

/** The place of announcements, to be put into the page once. */
export const announcements: HTMLElement = region;

/** Has screen readers say a sentence. */
export function announce(text: string): void {
  region.textContent = text;
}
