import { element } from '../dom/element.ts';

const keys = [
  ['← → ↑ ↓', 'move the crosshair'],
  ['Page Up, Page Down', 'towards the head, towards the feet'],
  ['N, P', 'next object, previous object'],
  ['M', 'show or hide the mask'],
  ['1 2 3 4 5', 'all planes, axial, coronal, sagittal, 3-D'],
] as const;

/** What keys do, and what the page is. */
export function helpPanel(): HTMLElement {
  const rows = keys.flatMap(([key, what]) => [element('dt', {}, key), element('dd', {}, what)]);
  return element(
    'section',
    { className: 'panel quiet' },
    element(
      'details',
      {},
      element('summary', {}, 'Keyboard and mouse'),
      element('dl', { className: 'facts' }, ...rows),
      mouse(),
    ),
    element('p', { className: 'note' }, 'Not a medical device: nothing here is validated for clinical use.'),
  );
}

function mouse(): HTMLElement {
  return element(
    'p',
    { className: 'note' },
    'Drag moves the crosshair, the wheel goes through slices, dragging with the right button changes brightness and contrast.',
  );
}
