import { download } from '../dom/download.ts';
import { element } from '../dom/element.ts';
import { seconds } from '../dom/numbers.ts';
import type { ScanList } from '../scans/scan-list.ts';
import { maskName, type Scan } from '../scans/scan.ts';

/** A scan in the list: its name, where it stands, and what can be done with it. */
export function scanRow(scan: Scan, list: ScanList) {
  const name = element('button', { type: 'button', className: 'name' });
  name.addEventListener('click', () => list.select(scan));
  const status = element('span', { className: 'status' });
  const progress = element('progress', { max: 1, hidden: true });
  const message = element('p', { className: 'error', hidden: true });
  const act = element('button', { type: 'button', className: 'button small' });
  act.addEventListener('click', () => {
    const { state } = scan;
    if (state.kind === 'done') download(state.segmentation.mask, maskName(scan));
    else if (state.kind === 'running' || state.kind === 'waiting') list.stop(scan);
    else list.retry(scan);
  });
  const remove = element('button', { type: 'button', className: 'button small plain' }, '✕');
  remove.addEventListener('click', () => list.remove(scan));
  const row = element(
    'li',
    { className: 'scan' },
    element('div', { className: 'line' }, name, act, remove),
    element('div', { className: 'line' }, status, progress),
    message,
  );
  return {
    element: row,
    update(isSelected: boolean): void {
      const { state, group } = scan;
      name.textContent = group.name;
      name.setAttribute('aria-current', String(isSelected));
      progress.ariaLabel = `Progress of ${group.name}`;
      remove.ariaLabel = `Remove ${group.name}`;
      remove.title = remove.ariaLabel;
      row.dataset['state'] = state.kind;
      row.classList.toggle('is-selected', isSelected);
      status.textContent = statusOf(scan);
      progress.hidden = state.kind !== 'running';
      const part = state.kind === 'running' ? state.progress.part : undefined;
      if (part === undefined) progress.removeAttribute('value');
      else progress.value = part;
      message.hidden = state.kind !== 'failed';
      message.textContent = state.kind === 'failed' ? state.message : '';
      const action = actions[state.kind];
      act.hidden = action === undefined;
      act.textContent = action ?? '';
      act.ariaLabel = `${action} ${group.name}`;
    },
  };
}

const actions: Partial<Record<Scan['state']['kind'], string>> = {
  waiting: 'Stop',
  running: 'Stop',
  done: 'Download',
  failed: 'Try again',
  stopped: 'Segment',
};

function statusOf({ state }: Scan): string {
  switch (state.kind) {
    case 'incomplete':
      return `Drop also: ${state.missing.join(', ')}`;
    case 'waiting':
      return 'Waiting';
    case 'running':
      return state.progress.text;
    case 'done':
      return `Segmented in ${seconds(state.segmentation.seconds)}`;
    case 'failed':
      return 'Not segmented';
    case 'stopped':
      return 'Stopped';
  }
}
