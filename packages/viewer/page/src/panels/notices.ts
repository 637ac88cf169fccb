import { element } from '../dom/element.ts';

/** Messages about what people gave the page and it cannot use. */
export function createNotices() {
  const list = element('div', { className: 'notices', attributes: { role: 'alert' } });
  return {
    element: list,
    /** Shows a sentence until it is dismissed, or until the next one. */
    show(text: string): void {
      const close = element('button', { type: 'button', className: 'button small plain', ariaLabel: 'Dismiss' }, '✕');
      const notice = element('div', { className: 'notice' }, element('p', {}, text), close);
      close.addEventListener('click', () => notice.remove());
      list.replaceChildren(notice);
    },
    clear(): void {
      list.replaceChildren();
    },
  };
}
