import { engineFromAddress } from './address.ts';
import { announce, announcements } from './dom/announce.ts';
import { onDrop } from './dom/drop.ts';
import { element } from './dom/element.ts';
import { millilitres, place } from './dom/numbers.ts';
import { FineTuning } from './fine-tuning/fine-tuning.ts';
import { isMask } from './fine-tuning/pair-files.ts';
import { onKeys } from './keys.ts';
import { builtInAddress, builtInModel, modelAmong, modelFromAddress } from './model/model-sources.ts';
import { keepOffline, workOffline } from './offline.ts';
import { comparisonPanel } from './panels/comparison-panel.ts';
import { fineTuningPanel } from './panels/fine-tuning-panel.ts';
import { helpPanel } from './panels/help.ts';
import { modelPanel } from './panels/model-panel.ts';
import { createNotices } from './panels/notices.ts';
import { resultPanel } from './panels/result-panel.ts';
import { scansPanel } from './panels/scans-panel.ts';
import { createStage } from './panels/stage.ts';
import { dicomScans } from './scans/dicom-scans.ts';
import { isInFolder } from './scans/file-paths.ts';
import { isNifti } from './scans/group-files.ts';
import { ScanList } from './scans/scan-list.ts';
import type { Scan } from './scans/scan.ts';
import { Sight } from './view/sight.ts';
import { WorkClient } from './worker/client.ts';
import type { MaskObject, ModelInfo } from './worker/protocol.ts';
import { unzipModelFiles, type ModelFiles } from '@interseg/inference';

/** Builds the page, and loads the model that it comes with. */
export async function startApp(body: HTMLElement): Promise<void> {
  const client = new WorkClient();
  const notices = createNotices();
  let model: ModelInfo | undefined;
  let told: FineTuning['state'] | undefined;
  /** Those of the model in use, and of the one that was trained further. */
  let files: ModelFiles | undefined;
  let filesBefore: ModelFiles | undefined;

  const stage = createStage({
    onFiles: (files) => void take(files),
    onView: (view) => sight.setView(view),
    onMask: (visible) => sight.showMask(visible),
    onChannel: (channel) => void sight.showChannel(channel),
  });
  const sight = new Sight(stage);
  const goTo = (object: MaskObject, label: string): void => {
    sight.goTo(object.position);
    announce(`${label}: ${millilitres(object.millilitres)} at ${place(object.position)}`);
  };
  const scans = new ScanList(client, { onList: () => updateList(), onScan: (scan) => updateScan(scan) });
  const models = modelPanel({
    onFiles: (files) => void useOther(() => modelIn(files)),
    onAddress: (address) => void useOther(() => modelFromAddress(address)),
  });
  const training = new FineTuning(client, {
    onChange: () => updateTraining(),
    onUse(which, { archive }) {
      if (which === 'old') return void useModel(async () => filesBefore);
      filesBefore = files;
      void useModel(() => unzipModelFiles(archive));
    },
  });
  const trainingPanel = fineTuningPanel(() => training);
  const list = scansPanel(scans, (files) => void take(files));
  const result = resultPanel({ onAppearance: () => sight.recolor(), onObject: goTo });
  const comparison = comparisonPanel({
    onReference: (file) => scans.selected && void scans.compare(scans.selected, file),
    onObject: goTo,
  });

  function updateList(): void {
    list.updateList();
    void sight.show(scans.selected);
    showResult(scans.selected);
  }

  function updateTraining(): void {
    trainingPanel.update();
    const { state } = training;
    if (state === told) return;
    if (state.kind === 'done') announce(state.result.stopped ? 'Fine-tuning was stopped.' : 'The model is fine-tuned.');
    if (state.kind === 'failed') announce(state.message);
    told = state;
  }

  function updateScan(scan: Scan): void {
    list.updateScan(scan);
    if (scan.state.kind === 'done' && !scan.comparison) announce(`${scan.group.name} is segmented.`);
    if (scan.state.kind === 'failed') announce(scan.state.message);
    if (scan !== scans.selected || scan.state.kind === 'running') return;
    void sight.show(scan);
    showResult(scan);
  }

  function showResult(scan: Scan | undefined): void {
    const segmentation = scan?.state.kind === 'done' ? scan.state.segmentation : undefined;
    result.update(segmentation, sight.appearances);
    comparison.update(segmentation !== undefined, scan?.comparison);
  }

  /** Files that were chosen or dropped: scans, a model, or something else. */
  async function take(files: readonly File[]): Promise<void> {
    notices.clear();
    const dicom = await dicomScans(files, model?.description.channels ?? []);
    const given = await modelAmong(dicom.others).catch((error: unknown) => error as Error);
    const nifti = dicom.others.filter((file) => isNifti(file) && !(given && isInFolder(file)));
    const images = [...dicom.scans, ...nifti];
    if (dicom.problems.length > 0) notices.show(dicom.problems.join(' '));
    if (trainingPanel.isOpen && !given && images.some(isMask)) return training.add(images);
    if (given instanceof Error) notices.show(given.message);
    else if (given) await useOther(async () => given);
    else if (images.length + dicom.problems.length === 0) notices.show(uselessFiles(files));
    if (images.length > 0) scans.add(images);
  }

  /** Uses a model that people bring. */
  async function useOther(find: () => Promise<ModelFiles | undefined>): Promise<void> {
    await useModel(find);
    training.reset();
  }

  async function useModel(find: () => Promise<ModelFiles | undefined>): Promise<void> {
    models.update({ kind: 'loading' });
    try {
      const found = await find();
      if (!found) return models.update({ kind: 'none' });
      model = await client.run('load', { files: found, settings: engineFromAddress() });
      files = found;
      models.update({ kind: 'ready', info: model });
      const { channels, classes } = model.description;
      sight.useModel(channels, classes);
      list.useChannels(channels);
      training.useModel(channels, model.name);
      trainingPanel.element.hidden = false;
      scans.useModel(channels);
    } catch (error) {
      models.update({ kind: 'failed', message: (error as Error).message, info: model });
    }
  }

  body.append(
    header(),
    element(
      'main',
      {},
      stage.element,
      element(
        'div',
        { className: 'side' },
        notices.element,
        list.element,
        result.element,
        comparison.element,
        models.element,
        trainingPanel.element,
        helpPanel(),
      ),
    ),
    announcements,
  );
  onDrop((files) => void take(files));
  const visit = objectVisitor(() => scans.selected, goTo);
  onKeys(stage.canvas, {
    onMove: (...step) => sight.move(...step),
    onObject: visit,
    onMask: () => stage.toggleMask(),
    onView: (view) => stage.chooseView(view),
  });
  void workOffline(() => scans.scans.length === 0);
  await Promise.all([sight.attach().then(() => stage.chooseView('all')), useModel(builtInModel)]);
  if (model) {
    await keepOffline(['model.json', 'weights.bin', 'index.json'].map((name) => new URL(name, builtInAddress()).href));
  }
}

/** The model among files that were chosen for one. */
async function modelIn(files: readonly File[]): Promise<ModelFiles> {
  const model = await modelAmong(files);
  if (!model) throw new Error('Found no model.json among these files, expected a model folder, or a zip of one.');
  return model;
}

function header(): HTMLElement {
  return element(
    'header',
    {},
    element('h1', {}, 'InterSeg'),
    element('p', {}, 'Segments scans in your browser. Nothing leaves this computer.'),
  );
}

function uselessFiles(files: readonly File[]): string {
  const names = files.slice(0, 3).map(({ name }) => name);
  const found = files.length > 3 ? `${names.join(', ')} and ${files.length - 3} more` : names.join(', ');
  return `Found ${found || 'no file'}, expected NIfTI files (.nii, .nii.gz), DICOM files or a model.`;
}

/** Goes from object to object of the scan that is shown, through all classes. */
function objectVisitor(selected: () => Scan | undefined, goTo: (object: MaskObject, label: string) => void) {
  let last: { scan: Scan; place: number } | undefined;
  return (step: 1 | -1): void => {
    const scan = selected();
    if (scan?.state.kind !== 'done') return;
    const all = scan.state.segmentation.classes.flatMap(({ name, objects }) =>
      objects.map((object, index) => ({ object, label: `${name}, object ${index + 1} of ${objects.length}` })),
    );
    if (all.length === 0) return;
    const before = last?.scan === scan ? last.place : step === 1 ? -1 : 0;
    last = { scan, place: (before + step + all.length) % all.length };
    const { object, label } = all[last.place]!;
    goTo(object, label);
  };
}
