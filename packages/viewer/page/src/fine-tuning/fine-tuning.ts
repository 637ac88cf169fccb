import { StoppedError, type WorkClient } from '../worker/client.ts';
import type { FineTuned, FineTuningSettings, Progress } from '../worker/protocol.ts';
import { pairFiles, type AnnotatedScan, type PairedFiles } from './pair-files.ts';

/** Where training stands. */
export type FineTuningState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: Progress }
  | { readonly kind: 'failed'; readonly message: string }
  /** @param use whether the page segments with the new model; `asked` until people say so, after they stopped */
  | { readonly kind: 'done'; readonly result: FineTuned; readonly use: 'asked' | 'new' | 'old' };

/** What is told as it changes. */
export interface FineTuningEvents {
  readonly onChange: () => void;
  /** The page is to segment with the new model, or again with the one before. */
  readonly onUse: (which: 'new' | 'old', result: FineTuned) => void;
}

/** The model of the page is trained further on scans with masks. */
export class FineTuning {
  state: FineTuningState = { kind: 'idle' };
  /** The scans to learn from, and what is missing. */
  paired: PairedFiles = { pairs: [], lacking: [] };
  private files: File[] = [];
  private channels: readonly string[] = [];
  private name: string | undefined;
  private stopTask = (): void => {};

  constructor(
    private readonly client: WorkClient,
    private readonly events: FineTuningEvents,
  ) {}

  /** Trains another model from now on. @param name of the model, for people */
  useModel(channels: readonly string[], name: string | undefined): void {
    this.channels = channels;
    this.name = name;
    this.pair(this.files);
  }

  /** Forgets the model that was trained: another one is in its place. */
  reset(): void {
    if (this.state.kind !== 'running') this.set({ kind: 'idle' });
  }

  add(files: readonly File[]): void {
    this.pair([...this.files, ...files]);
  }

  remove({ files, mask }: AnnotatedScan): void {
    this.pair(this.files.filter((file) => file !== mask && !files.includes(file)));
  }

  private pair(files: File[]): void {
    this.files = files;
    this.paired = pairFiles(files, this.channels);
    this.events.onChange();
  }

  /** Ends training after the step in progress, and the second time what is measured after it. */
  stop(): void {
    this.stopTask();
  }

  /** Trains on all scans that have their mask. */
  async start(settings: FineTuningSettings): Promise<void> {
    if (this.state.kind === 'running') return;
    this.set({ kind: 'running', progress: { text: 'Starting' } });
    const input = { scans: this.paired.pairs, settings, name: `${this.name ?? 'Model'}, fine-tuned` };
    try {
      const result = await this.client.run('fineTune', input, {
        takeStop: (stop) => (this.stopTask = stop),
        onProgress: (progress) => this.set({ kind: 'running', progress }),
      });
      this.set({ kind: 'done', result, use: 'asked' });
      if (!result.stopped) this.use('new');
    } catch (error) {
      if (error instanceof StoppedError) this.set({ kind: 'idle' });
      else this.set({ kind: 'failed', message: (error as Error).message });
    }
  }

  /** Has the page segment with the new model, or with the one before. */
  use(which: 'new' | 'old'): void {
    if (this.state.kind !== 'done' || this.state.use === which) return;
    const { result, use } = this.state;
    this.set({ kind: 'done', result, use: which });
    // Where it was never taken, the one before is in use already.
    if (which === 'new' || use === 'new') this.events.onUse(which, result);
  }

  private set(state: FineTuningState): void {
    this.state = state;
    this.events.onChange();
  }
}
