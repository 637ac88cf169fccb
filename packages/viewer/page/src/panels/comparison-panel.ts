import { element } from '../dom/element.ts';
import { fileButton } from '../dom/file-button.ts';
import type { ComparisonState } from '../scans/scan.ts';
import type { ClassComparison, MaskObject } from '../worker/protocol.ts';
import { objectList } from './object-list.ts';

/** What people do in the panel. */
export interface ComparisonPanelEvents {
  readonly onReference: (file: File) => void;
  readonly onObject: (object: MaskObject, label: string) => void;
}

/** Compares the mask that is shown with a reference. */
export function comparisonPanel({ onReference, onObject }: ComparisonPanelEvents) {
  const content = element('div', { className: 'stack', attributes: { 'aria-live': 'polite' } });
  const panel = element(
    'section',
    { className: 'panel', hidden: true, attributes: { 'aria-labelledby': 'comparison-heading' } },
    element(
      'div',
      { className: 'heading' },
      element('h2', { id: 'comparison-heading' }, 'Compare'),
      fileButton({
        text: 'Reference mask…',
        accept: '.nii,.gz,.nii.gz',
        className: 'small',
        id: 'reference-file',
        onFiles: ([file]) => onReference(file!),
      }),
    ),
    content,
  );
  return {
    element: panel,
    update(isPossible: boolean, state: ComparisonState | undefined): void {
      panel.hidden = !isPossible;
      content.replaceChildren(...describe(state, onObject));
    },
  };
}

function describe(state: ComparisonState | undefined, onObject: ComparisonPanelEvents['onObject']): HTMLElement[] {
  if (!state) return [element('p', { className: 'note' }, 'Dice, and which objects the mask misses or has too many.')];
  if (state.kind === 'running') return [element('p', { className: 'busy' }, `Comparing with ${state.reference}…`)];
  if (state.kind === 'failed') {
    return [element('p', { className: 'error', attributes: { role: 'alert' } }, state.message)];
  }
  return [
    element('p', { className: 'note' }, `With ${state.reference}`),
    ...state.comparison.classes.map((one) => classCard(one, onObject)),
  ];
}

function classCard(compared: ClassComparison, onObject: ComparisonPanelEvents['onObject']): HTMLElement {
  const { name, dice, objects, missed, surplus } = compared;
  const list = (title: string, kind: string, found: readonly MaskObject[]) => {
    const sorted = [...found].sort((a, b) => b.voxels - a.voxels);
    const onOne = (object: MaskObject, index: number) => onObject(object, `${name}, ${kind} object ${index}`);
    return objectList({
      title: `${title} (${found.length})`,
      objects: sorted,
      onObject: onOne,
      open: found.length <= 5,
    });
  };
  return element(
    'article',
    { className: 'card', ariaLabel: `${name} compared` },
    element(
      'div',
      { className: 'line' },
      element('span', { className: 'class-name' }, name),
      element(
        'span',
        { className: 'figures' },
        'Dice ',
        element('strong', {}, Number.isNaN(dice) ? '–' : dice.toFixed(3)),
      ),
    ),
    element('p', {}, `Found ${objects - missed.length} of ${objects} objects of the reference.`),
    ...(missed.length > 0 ? [element('div', { className: 'missed' }, list('Missed', 'missed', missed))] : []),
    ...(surplus.length > 0
      ? [element('div', { className: 'surplus' }, list('Not in the reference', 'surplus', surplus))]
      : []),
  );
}
