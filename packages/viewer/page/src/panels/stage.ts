import { element } from '../dom/element.ts';
import { fileButton } from '../dom/file-button.ts';
import { place } from '../dom/numbers.ts';
import { views, type Place, type View } from '../view/viewer.ts';

/** What people do on the stage. */
export interface StageEvents {
  readonly onFiles: (files: File[]) => void;
  readonly onView: (view: View) => void;
  readonly onMask: (visible: boolean) => void;
  readonly onChannel: (channel: number) => void;
}

const names: Record<View, string> = {
  all: 'All',
  axial: 'Axial',
  coronal: 'Coronal',
  sagittal: 'Sagittal',
  render: '3-D',
};

/** The part of the page where the scan is seen, with what changes the sight of it. */
export function createStage({ onFiles, onView, onMask, onChannel }: StageEvents) {
  const canvas = element('canvas', {
    tabIndex: 0,
    ariaLabel: 'The scan with its mask. Arrow keys and Page Up, Page Down move the crosshair.',
    attributes: { role: 'img' },
  });
  const buttons = views.map((view) => {
    const button = element('button', { type: 'button', className: 'button small' }, names[view]);
    button.addEventListener('click', () => chooseView(view));
    return { view, button };
  });
  const chooseView = (chosen: View): void => {
    for (const { view, button } of buttons) button.ariaPressed = String(view === chosen);
    onView(chosen);
  };
  const mask = element('button', { type: 'button', className: 'button small', ariaPressed: 'true' }, 'Mask');
  const toggleMask = (): void => {
    mask.ariaPressed = String(mask.ariaPressed !== 'true');
    onMask(mask.ariaPressed === 'true');
  };
  mask.addEventListener('click', toggleMask);
  const channel = element('select', { ariaLabel: 'Channel', hidden: true });
  channel.addEventListener('change', () => onChannel(channel.selectedIndex));
  const tools = element(
    'div',
    { className: 'tools', hidden: true, attributes: { role: 'toolbar', 'aria-label': 'View' } },
    element('div', { className: 'group' }, ...buttons.map(({ button }) => button)),
    mask,
    channel,
  );
  const readout = element('output', { className: 'readout', hidden: true });
  const invitation = element(
    'div',
    { className: 'invitation' },
    element('p', { className: 'title' }, 'Drop a scan here'),
    element('p', {}, 'NIfTI (.nii, .nii.gz) or DICOM: files, a folder or a zip'),
    fileButton({
      text: 'Choose files…',
      multiple: true,
      accept: '.nii,.gz,.nii.gz,.dcm,.zip',
      className: 'main',
      id: 'first-files',
      onFiles,
    }),
  );
  const problem = element('p', { className: 'problem', hidden: true, attributes: { role: 'alert' } });
  const stage = element(
    'section',
    { className: 'stage', ariaLabel: 'Scan' },
    tools,
    element('div', { className: 'canvas' }, canvas),
    readout,
    invitation,
    problem,
  );
  return {
    element: stage,
    canvas,
    chooseView,
    toggleMask,
    /** Shows the tools for a scan with these channels, or the invitation where there is no scan. */
    update(channels: readonly string[] | undefined): void {
      tools.hidden = readout.hidden = channels === undefined;
      invitation.hidden = channels !== undefined;
      channel.hidden = (channels?.length ?? 0) < 2;
      channel.replaceChildren(...(channels ?? []).map((name) => element('option', {}, name)));
    },
    tellPlace({ position, value }: Place): void {
      readout.textContent = `${place(position)}${value === undefined ? '' : `   value ${Number(value.toPrecision(5))}`}`;
    },
    tellProblem(text: string): void {
      problem.hidden = text === '';
      problem.textContent = text;
    },
  };
}
