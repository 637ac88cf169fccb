import { StoppedError, type WorkClient } from '../worker/client.ts';
import { groupFiles, joinGroups, missingChannels, type FileGroup } from './group-files.ts';
import { filesOf, type Scan, type ScanState } from './scan.ts';

/** What is told as the list changes. */
export interface ScanListEvents {
  /** A scan came, went or was chosen. */
  readonly onList: () => void;
  /** Something about one scan is another. */
  readonly onScan: (scan: Scan) => void;
}

/** The scans of the page, which are segmented one after the other. */
export class ScanList {
  readonly scans: Scan[] = [];
  selected: Scan | undefined;
  private channels: readonly string[] | undefined;
  private running: { scan: Scan; controller: AbortController } | undefined;
  private count = 0;

  constructor(
    private readonly client: WorkClient,
    private readonly events: ScanListEvents,
  ) {}

  /** Segments with another model from now on, all scans anew. @param channels of its images */
  useModel(channels: readonly string[]): void {
    this.channels = channels;
    const files = this.scans.flatMap(filesOf);
    for (const scan of [...this.scans]) this.remove(scan);
    this.add(files);
  }

  /** Adds NIfTI files; with several channels, files that belong to a scan that lacks them go there. */
  add(files: readonly File[]): void {
    // Without a model, how files go together is not known yet.
    const groups = this.channels ? groupFiles(files, this.channels) : groupFiles(files, ['']);
    for (const group of groups) this.addGroup(group);
    this.selected ??= this.scans[0];
    this.events.onList();
    void this.next();
  }

  private addGroup(group: FileGroup): void {
    for (const scan of this.scans) {
      const joined = scan.state.kind === 'incomplete' ? joinGroups(scan.group, group) : undefined;
      if (!joined) continue;
      scan.group = joined;
      return this.set(scan, this.initialState(joined));
    }
    this.scans.push({ id: ++this.count, group, state: this.initialState(group) });
  }

  private initialState(group: FileGroup): ScanState {
    const missing = missingChannels(group, this.channels ?? []);
    return missing.length > 0 ? { kind: 'incomplete', missing } : { kind: 'waiting' };
  }

  /** Shows a scan. */
  select(scan: Scan): void {
    this.selected = scan;
    this.events.onList();
  }

  /** Takes a scan out, and stops it if it is being segmented. */
  remove(scan: Scan): void {
    const place = this.scans.indexOf(scan);
    if (place === -1) return;
    this.scans.splice(place, 1);
    this.stop(scan);
    if (this.selected === scan) this.selected = this.scans[Math.min(place, this.scans.length - 1)];
    this.events.onList();
  }

  /** Stops the segmentation of a scan. */
  stop(scan: Scan): void {
    if (this.running?.scan === scan) this.running.controller.abort();
    else if (scan.state.kind === 'waiting') this.set(scan, { kind: 'stopped' });
  }

  /** Segments a scan that was stopped or failed. */
  retry(scan: Scan): void {
    this.set(scan, this.initialState(scan.group));
    void this.next();
  }

  /** Compares the mask of a scan with a reference. */
  async compare(scan: Scan, reference: File): Promise<void> {
    if (scan.state.kind !== 'done') return;
    const { mask } = scan.state.segmentation;
    const tell = (state: Scan['comparison']): void => {
      scan.comparison = state;
      this.events.onScan(scan);
    };
    tell({ kind: 'running', reference: reference.name });
    try {
      const comparison = await this.client.run('compare', { mask, reference });
      tell({ kind: 'done', reference: reference.name, comparison });
    } catch (error) {
      tell({ kind: 'failed', reference: reference.name, message: (error as Error).message });
    }
  }

  private async next(): Promise<void> {
    const scan = this.scans.find(({ state }) => state.kind === 'waiting');
    if (this.running || !scan || !this.channels) return;
    const controller = new AbortController();
    this.running = { scan, controller };
    scan.comparison = undefined;
    this.set(scan, { kind: 'running', progress: { text: 'Starting' } });
    try {
      const options = {
        signal: controller.signal,
        onProgress: (progress: { text: string; part?: number }) => this.set(scan, { kind: 'running', progress }),
      };
      const segmentation = await this.client.run('segment', { files: filesOf(scan) }, options);
      this.set(scan, { kind: 'done', segmentation });
    } catch (error) {
      const state = error instanceof StoppedError ? { kind: 'stopped' as const } : failure(error);
      this.set(scan, state);
    }
    this.running = undefined;
    void this.next();
  }

  private set(scan: Scan, state: ScanState): void {
    scan.state = state;
    this.events.onScan(scan);
  }
}

function failure(error: unknown): ScanState {
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
}
