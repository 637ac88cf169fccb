import type { createStage } from '../panels/stage.ts';
import { filesOf, type Scan } from '../scans/scan.ts';
import type { ModelInfo, Position, Segmentation } from '../worker/protocol.ts';
import { initialAppearance, labelColors, markColors, type ClassAppearance } from './appearance.ts';
import type { Color } from './color-table.ts';
import { Viewer, type View } from './viewer.ts';

/** What is seen of the scans: which one, with which mask, in which colours. */
export class Sight {
  appearances: ClassAppearance[] = [];
  private viewer: Viewer | undefined;
  private channels: readonly string[] = [];
  private classes: ModelInfo['description']['classes'] = [];
  private isMaskVisible = true;
  private shown: { scan: Scan; segmentation?: Segmentation; comparison?: Scan['comparison'] } | undefined;

  constructor(private readonly stage: ReturnType<typeof createStage>) {}

  /** Begins to draw; where the browser cannot, scans are segmented all the same. */
  async attach(): Promise<void> {
    try {
      this.viewer = await Viewer.attach(this.stage.canvas, (place) => this.stage.tellPlace(place));
    } catch {
      this.stage.tellProblem(
        'This browser has no WebGL 2, so scans cannot be shown here. They are segmented all the same, and masks can be downloaded.',
      );
    }
  }

  /** Colours for the classes of a model; what was chosen for as many classes stays. */
  useModel(channels: readonly string[], classes: ModelInfo['description']['classes']): void {
    this.channels = channels;
    this.classes = classes;
    if (this.appearances.length !== classes.length) this.appearances = initialAppearance(classes.length);
  }

  /** Shows a scan, with its mask and the marks of its comparison when they are there. */
  async show(scan: Scan | undefined): Promise<void> {
    if (!scan) {
      this.shown = undefined;
      this.stage.update(undefined);
      this.viewer?.clear();
      return;
    }
    const segmentation = scan.state.kind === 'done' ? scan.state.segmentation : undefined;
    const isOther = this.shown?.scan !== scan;
    const hasOtherMask = isOther || this.shown?.segmentation !== segmentation;
    const hasOtherMarks = hasOtherMask || this.shown?.comparison !== scan.comparison;
    this.shown = { scan, segmentation, comparison: scan.comparison };
    if (isOther) {
      this.stage.update(this.channels);
      this.stage.tellProblem('');
      await this.draw(() => this.showChannelOf(scan, 0));
    }
    if (this.shown.scan !== scan) return;
    if (hasOtherMask) await this.showMaskLayer();
    if (hasOtherMarks) await this.showMarks();
  }

  private async draw(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch {
      // What is wrong with the file is said in its row, by the reader that checks more.
      this.viewer?.clear();
      this.stage.tellProblem('This scan cannot be shown.');
    }
  }

  private async showChannelOf(scan: Scan, channel: number): Promise<void> {
    const files = filesOf(scan);
    const isTogether = files.length === 1;
    const file = isTogether ? files[0] : files[Math.min(channel, files.length - 1)];
    if (file) await this.viewer?.showScan(file, isTogether ? channel : 0);
  }

  /** Shows another channel of the scan. */
  async showChannel(channel: number): Promise<void> {
    const { shown } = this;
    if (!shown) return;
    await this.draw(() => this.showChannelOf(shown.scan, channel));
    await this.showMaskLayer();
    await this.showMarks();
  }

  private async showMaskLayer(): Promise<void> {
    const segmentation = this.shown?.segmentation;
    if (segmentation) await this.viewer?.showLayer('mask', segmentation.display, this.colors(segmentation));
    else this.viewer?.hideLayer('mask');
  }

  private async showMarks(): Promise<void> {
    const comparison = this.shown?.comparison;
    if (comparison?.kind === 'done') {
      await this.viewer?.showLayer('marks', comparison.comparison.marks, this.isMaskVisible ? markColors : invisible);
    } else {
      this.viewer?.hideLayer('marks');
    }
  }

  /** Draws the mask in the colours of now. */
  recolor(): void {
    const segmentation = this.shown?.segmentation;
    if (segmentation) this.viewer?.recolor('mask', this.colors(segmentation));
    this.viewer?.recolor('marks', this.isMaskVisible ? markColors : invisible);
  }

  /** Shows or hides the mask and the marks. */
  showMask(visible: boolean): void {
    this.isMaskVisible = visible;
    this.recolor();
  }

  private colors({ labels }: Segmentation): Color[] {
    const colors = labelColors(labels, this.classes, this.appearances);
    return this.isMaskVisible ? colors : colors.map(() => [0, 0, 0, 0]);
  }

  setView(view: View): void {
    this.viewer?.setView(view);
  }

  goTo(position: Position): void {
    this.viewer?.goTo(position);
  }

  move(right: number, front: number, up: number): void {
    this.viewer?.move(right, front, up);
  }
}

const invisible: readonly Color[] = markColors.map(() => [0, 0, 0, 0]);
