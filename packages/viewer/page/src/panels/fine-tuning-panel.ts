import { download } from '../dom/download.ts';
import { element } from '../dom/element.ts';
import { fileButton } from '../dom/file-button.ts';
import { seconds } from '../dom/numbers.ts';
import type { FineTuning, FineTuningState } from '../fine-tuning/fine-tuning.ts';
import type { AnnotatedScan } from '../fine-tuning/pair-files.ts';
import type { FineTuningSettings } from '../worker/protocol.ts';
import { diceTable, lossList } from './fine-tuning-figures.ts';

const fields = [
  { name: 'epochs', label: 'Epochs', value: '10', min: '1', max: '1000', step: '1' },
  { name: 'learningRate', label: 'Learning rate', value: '0.0003', min: '0.0000001', max: '0.1', step: 'any' },
  { name: 'batchSize', label: 'Slices per step', value: '4', min: '1', max: '64', step: '1' },
  { name: 'seed', label: 'Seed', value: '1', min: '0', max: '1000000000', step: '1' },
] as const;

/** Trains the model further on scans with masks. @param training what the panel shows, and tells what to do */
export function fineTuningPanel(training: () => FineTuning) {
  const problems = element('div', { className: 'stack' });
  const pairs = element('ul', { className: 'scans', ariaLabel: 'Scans with masks' });
  const inputs = fields.map(({ name, label, ...properties }) => {
    const input = element('input', { type: 'number', id: `fine-tuning-${name}`, required: true, ...properties });
    return { name, input, row: element('label', { className: 'field' }, label, input) };
  });
  const begin = element('button', { type: 'submit', className: 'button main' }, 'Fine-tune');
  const form = element(
    'form',
    { className: 'stack', ariaLabel: 'Settings of fine-tuning' },
    element('div', { className: 'fields' }, ...inputs.map(({ row }) => row)),
    element(
      'p',
      { className: 'note' },
      'All weights are trained, with Adam, whose learning rate falls to 0. Slices are turned, scaled and brightened a little at random. The last epoch is kept.',
    ),
    begin,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const entries = inputs.map(({ name, input }) => [name, input.valueAsNumber]);
    void training().start(Object.fromEntries(entries) as FineTuningSettings);
  });
  const status = element('span', { className: 'status' });
  const bar = element('progress', { max: 1, ariaLabel: 'Progress of fine-tuning' });
  const stop = element('button', { type: 'button', className: 'button small' }, 'Stop');
  stop.addEventListener('click', () => training().stop());
  const losses = element('div', { className: 'stack' });
  const running = element(
    'div',
    { className: 'stack', id: 'fine-tuning-progress' },
    status,
    element('div', { className: 'line' }, bar, stop),
    losses,
  );
  const outcome = element('div', { className: 'stack', id: 'fine-tuning-outcome' });
  const details = element(
    'details',
    {},
    element('summary', {}, element('h2', { id: 'fine-tuning-heading' }, 'Fine-tune')),
    element(
      'div',
      { className: 'stack' },
      element(
        'p',
        { className: 'note' },
        'Trains this model further on a few scans with masks of yours, on this computer. Drop them here together, such as p1.nii.gz with p1_mask.nii.gz.',
      ),
      element(
        'div',
        { className: 'row' },
        fileButton({
          text: 'Scans and masks…',
          multiple: true,
          accept: '.nii,.gz,.nii.gz',
          id: 'annotated-files',
          onFiles: (files) => training().add(files),
        }),
      ),
      pairs,
      problems,
      form,
      running,
      outcome,
    ),
  );
  const panel = element(
    'section',
    { className: 'panel', hidden: true, attributes: { 'aria-labelledby': 'fine-tuning-heading' } },
    details,
  );

  /** Takes the place of what is shown only where it is another, so that the focus stays. */
  let shown: FineTuningState | undefined;
  let shownPairs: FineTuning['paired'] | undefined;
  return {
    element: panel,
    /** Whether scans that come with masks are for training. */
    get isOpen(): boolean {
      return details.open && !panel.hidden;
    },
    update(): void {
      const { state, paired } = training();
      if (paired !== shownPairs) {
        pairs.replaceChildren(...paired.pairs.map((pair) => pairRow(pair, () => training().remove(pair))));
        problems.replaceChildren(...paired.lacking.map((text) => element('p', { className: 'warning' }, text)));
        shownPairs = paired;
      }
      const isRunning = state.kind === 'running';
      const hadFocus = details.contains(document.activeElement) && isRunning !== (shown?.kind === 'running');
      begin.disabled = isRunning || paired.pairs.length === 0;
      form.hidden = isRunning;
      running.hidden = !isRunning;
      panel.dataset['state'] = state.kind;
      if (isRunning) {
        const { text, part, losses: known } = state.progress;
        status.textContent = text;
        if (part === undefined) bar.removeAttribute('value');
        else bar.value = part;
        losses.replaceChildren(...(known?.length ? [lossList(known)] : []));
      }
      if (state !== shown && !(isRunning && shown?.kind === 'running')) {
        outcome.replaceChildren(...describe(state, training()));
      }
      shown = state;
      // What had the focus is hidden now.
      if (hadFocus) (isRunning ? stop : (outcome.querySelector('button') ?? begin)).focus();
    },
  };
}

function pairRow({ name, mask }: AnnotatedScan, onRemove: () => void): HTMLElement {
  const remove = element(
    'button',
    { type: 'button', className: 'button small plain', ariaLabel: `Remove ${name} from fine-tuning` },
    '✕',
  );
  remove.addEventListener('click', onRemove);
  return element(
    'li',
    { className: 'pair line' },
    element('span', { className: 'class-name' }, name),
    element('span', { className: 'note' }, `with ${mask.name}`),
    remove,
  );
}

function describe(state: FineTuningState, training: FineTuning): HTMLElement[] {
  if (state.kind === 'failed') {
    return [element('p', { className: 'error', attributes: { role: 'alert' } }, state.message)];
  }
  if (state.kind !== 'done') return [];
  const { result, use } = state;
  const button = (text: string, act: () => void, kind = ''): HTMLElement => {
    const made = element('button', { type: 'button', className: `button small ${kind}` }, text);
    made.addEventListener('click', act);
    return made;
  };
  const epochs = `${result.losses.length} whole epoch${result.losses.length === 1 ? '' : 's'}`;
  const what = result.stopped ? `Stopped after ${epochs}.` : `Trained for ${epochs} in ${seconds(result.seconds)}.`;
  const inUse = {
    asked: ' Keep what was learnt until then?',
    new: ' The page segments with the new model.',
    old: ' The page segments with the model before.',
  };
  const keep = button('Use the new model', () => training.use('new'), use === 'asked' ? 'main' : '');
  const discard = button(use === 'asked' ? 'Discard it' : 'Back to the model before', () => training.use('old'));
  const save = button('Download the new model', () => download(result.archive, 'fine-tuned-model.zip'));
  return [
    element('p', {}, what + inUse[use]),
    ...result.warnings.map((text) => element('p', { className: 'warning' }, text)),
    diceTable(result.dice),
    ...(result.losses.length > 0 ? [lossList(result.losses)] : []),
    element('div', { className: 'row' }, ...(use === 'new' ? [] : [keep]), ...(use === 'old' ? [] : [discard]), save),
  ];
}
