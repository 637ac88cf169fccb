import { views, type View } from './view/viewer.ts';

/** What keys do. */
export interface KeyActions {
  readonly onMove: (right: number, front: number, up: number) => void;
  readonly onObject: (step: 1 | -1) => void;
  readonly onMask: () => void;
  readonly onView: (view: View) => void;
}

/** Lets keys work wherever the focus is, except where they already mean something; those that move, on the canvas only. */
export function onKeys(canvas: HTMLElement, { onMove, onObject, onMask, onView }: KeyActions): void {
  const moves: Record<string, [number, number, number]> = {
    ArrowLeft: [-1, 0, 0],
    ArrowRight: [1, 0, 0],
    ArrowUp: [0, 1, 0],
    ArrowDown: [0, -1, 0],
    PageUp: [0, 0, 1],
    PageDown: [0, 0, -1],
  };
  const others: Record<string, () => void> = {
    n: () => onObject(1),
    p: () => onObject(-1),
    m: onMask,
    ...Object.fromEntries(views.map((view, index) => [String(index + 1), () => onView(view)])),
  };
  const handle = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const isTyping = target.matches('input:not([type=checkbox]):not([type=file]), select, textarea');
    // NiiVue has keys of its own, such as one that shows its version.
    if (target === canvas && event.key !== 'Tab') event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    const move = target === canvas ? moves[event.key] : undefined;
    const other = others[event.key.toLowerCase()];
    if (!move && !other) return;
    event.preventDefault();
    if (move) onMove(...move);
    else other!();
  };
  addEventListener('keydown', handle, { capture: true });
  const swallow = (event: KeyboardEvent): void => {
    if (event.target === canvas && event.key !== 'Tab') event.stopPropagation();
  };
  addEventListener('keyup', swallow, { capture: true });
}
