import { element } from '../dom/element.ts';
import { fileButton } from '../dom/file-button.ts';
import type { ModelInfo } from '../worker/protocol.ts';

/** Where the model stands. */
export type ModelState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly info: ModelInfo }
  | { readonly kind: 'failed'; readonly message: string; readonly info?: ModelInfo };

/** What people do in the panel. */
export interface ModelPanelEvents {
  readonly onFiles: (files: File[]) => void;
  readonly onAddress: (address: string) => void;
}

/** Says what the model is, and takes another one. */
export function modelPanel({ onFiles, onAddress }: ModelPanelEvents) {
  const text = element('div', { className: 'stack', attributes: { 'aria-live': 'polite' } });
  const address = element('input', {
    type: 'text',
    id: 'model-address',
    placeholder: 'models/spleen/',
    spellcheck: false,
    autocapitalize: 'off',
  });
  const form = element(
    'form',
    { className: 'row' },
    element(
      'label',
      { htmlFor: 'model-address', className: 'visually-hidden' },
      'Address of a model folder on this site',
    ),
    address,
    element('button', { type: 'submit', className: 'button' }, 'Open'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (address.value.trim() !== '') onAddress(address.value.trim());
  });
  const choices = element(
    'div',
    { className: 'stack' },
    element(
      'div',
      { className: 'row' },
      fileButton({ text: 'Model folder…', folder: true, id: 'model-folder', onFiles }),
      fileButton({ text: 'Zip or files…', multiple: true, accept: '.zip,.json,.bin', id: 'model-files', onFiles }),
    ),
    element('p', { className: 'note' }, 'Or the address of a model folder on this site:'),
    form,
  );
  const more = element('details', {}, element('summary', {}, 'Another model'), choices);
  const panel = element(
    'section',
    { className: 'panel', attributes: { 'aria-labelledby': 'model-heading' } },
    element('h2', { id: 'model-heading' }, 'Model'),
    text,
    more,
  );
  return {
    element: panel,
    update(state: ModelState): void {
      text.replaceChildren(...describe(state));
      more.open = state.kind === 'none' || (state.kind === 'failed' && !state.info);
    },
  };
}

function describe(state: ModelState): HTMLElement[] {
  if (state.kind === 'none') {
    return [element('p', {}, 'Choose the folder of a model that InterSeg trained, or a zip of it.')];
  }
  if (state.kind === 'loading') return [element('p', { className: 'busy' }, 'Loading…')];
  if (state.kind === 'failed') {
    const failure = element('p', { className: 'error', attributes: { role: 'alert' } }, state.message);
    return state.info ? [failure, ...describeModel(state.info)] : [failure];
  }
  return describeModel(state.info);
}

function describeModel({ name, description, engine, note }: ModelInfo): HTMLElement[] {
  const { classes, channels, modality, variant, slices } = description;
  const rows = [
    ['Finds', classes.map((one) => one.name).join(', ')],
    ['In', `${modality === 'mr' ? 'MR' : 'CT'}: ${channels.join(', ')}`],
    ['Network', `${variant}, ${slices.plane ?? 'axial'} ${slices.size.join(' × ')}`],
    ['Runs on', engine],
  ] as const;
  const list = rows.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]);
  return [
    ...(name ? [element('p', { className: 'title' }, name)] : []),
    element('dl', { className: 'facts' }, ...list),
    ...(note ? [element('p', { className: 'note', id: 'engine-note' }, note)] : []),
  ];
}
