import { element } from '../dom/element.ts';
import { count, millilitres } from '../dom/numbers.ts';
import type { MaskObject } from '../worker/protocol.ts';

/** Objects that can be visited. */
export interface ObjectListOptions {
  readonly title: string;
  /** The largest first. */
  readonly objects: readonly MaskObject[];
  /** @param index from 1, the largest first */
  readonly onObject: (object: MaskObject, index: number) => void;
  readonly open?: boolean;
}

const atFirst = 20;

/** A list of objects, the small ones first where people ask for that, each with a button that goes there. */
export function objectList({ title, objects, onObject, open = false }: ObjectListOptions): HTMLElement {
  const items = element('ol', { className: 'objects' });
  const more = element('button', { type: 'button', className: 'button small' });
  const smallestFirst = element('input', { type: 'checkbox' });
  let shown = atFirst;
  const fill = (): void => {
    const numbered = objects.map((object, index) => ({ object, number: index + 1 }));
    if (smallestFirst.checked) numbered.reverse();
    items.replaceChildren(...numbered.slice(0, shown).map(({ object, number }) => item(object, number, onObject)));
    more.hidden = shown >= objects.length;
    more.textContent = `Show all ${objects.length}`;
  };
  smallestFirst.addEventListener('change', fill);
  more.addEventListener('click', () => {
    shown = Infinity;
    fill();
    (items.children[atFirst]?.firstElementChild as HTMLElement | null)?.focus();
  });
  const order = element('label', { className: 'note' }, smallestFirst, ' Smallest first');
  const list = element(
    'details',
    { open, className: 'object-list' },
    element('summary', {}, title),
    ...(objects.length > 1 ? [order] : []),
    items,
    more,
  );
  // Filled when it is opened: a mask may have thousands.
  list.addEventListener('toggle', () => list.open && fill());
  if (open) fill();
  return list;
}

function item(object: MaskObject, number: number, onObject: ObjectListOptions['onObject']): HTMLElement {
  const button = element(
    'button',
    { type: 'button', className: 'object' },
    element('span', {}, `${number}`),
    element('span', {}, millilitres(object.millilitres)),
    element('span', { className: 'note' }, count(object.voxels, 'voxel')),
  );
  button.addEventListener('click', () => onObject(object, number));
  return element('li', {}, button);
}
