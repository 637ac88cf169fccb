import { element } from '../dom/element.ts';
import { fileButton } from '../dom/file-button.ts';
import type { ScanList } from '../scans/scan-list.ts';
import type { Scan } from '../scans/scan.ts';
import { scanRow } from './scan-row.ts';

/** The list of scans. */
export function scansPanel(list: ScanList, onFiles: (files: File[]) => void) {
  const rows = new Map<Scan, ReturnType<typeof scanRow>>();
  const items = element('ul', { className: 'scans' });
  const hint = element('p', { className: 'note', hidden: true });
  const panel = element(
    'section',
    { className: 'panel', attributes: { 'aria-labelledby': 'scans-heading' } },
    element(
      'div',
      { className: 'heading' },
      element('h2', { id: 'scans-heading' }, 'Scans'),
      fileButton({
        text: 'Add…',
        multiple: true,
        accept: '.nii,.gz,.nii.gz,.dcm,.zip',
        className: 'small',
        id: 'scan-files',
        onFiles,
      }),
    ),
    hint,
    items,
  );
  return {
    element: panel,
    /** Says how files with several channels go together. */
    useChannels(channels: readonly string[]): void {
      hint.hidden = channels.length === 1;
      const [first = '', second = ''] = channels;
      hint.textContent =
        `A scan has ${channels.length} channels (${channels.join(', ')}): one file with all of them, ` +
        `or files such as p1_${first}.nii.gz and p1_${second}.nii.gz, or p1_0000.nii.gz and p1_0001.nii.gz.`;
    },
    updateList(): void {
      for (const [scan, row] of rows) {
        if (list.scans.includes(scan)) continue;
        const hadFocus = row.element.contains(document.activeElement);
        row.element.remove();
        rows.delete(scan);
        if (hadFocus) panel.querySelector('input')?.focus();
      }
      for (const scan of list.scans) {
        let row = rows.get(scan);
        if (!row) {
          row = scanRow(scan, list);
          rows.set(scan, row);
          items.append(row.element);
        }
        row.update(list.selected === scan);
      }
    },
    updateScan(scan: Scan): void {
      rows.get(scan)?.update(list.selected === scan);
    },
  };
}
