import { DataError } from '@interseg/errors';
import type { DecodeJob, DecodeReply, DecodeWorker, StartDecodeWorker } from './decode-worker.ts';

/** A frame takes a fraction of a second; loading a codec for the first one may take longer on a busy machine. */
const defaultSeconds = 10;
/** What a large frame may take more. */
const secondsPerMegapixel = 5;

/**
 * Decodes frames in workers, which are started when they are needed. Bytes that make a codec run forever, or crash, end
 * its worker and not the program.
 */
export class FrameDecoder {
  private readonly start: StartDecodeWorker;
  private readonly most: number;
  private readonly seconds: number;
  private readonly idle: DecodeWorker[] = [];
  private readonly waiting: ((worker: DecodeWorker) => void)[] = [];
  private workers = 0;

  /**
   * @param most the most workers
   * @param seconds the most that a small frame may take
   */
  constructor(start: StartDecodeWorker, most: number, seconds = defaultSeconds) {
    this.start = start;
    this.most = most;
    this.seconds = seconds;
  }

  /**
   * @param pixels the number of pixels of the frame
   * @param name the file, for errors
   * @throws DataError if the frame is damaged, or takes too long
   */
  async decode(job: DecodeJob, pixels: number, name: string): Promise<Exclude<DecodeReply, { failure: string }>> {
    const worker = await this.take();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<DecodeReply>((resolve) => {
      const seconds = Math.round(this.seconds + (secondsPerMegapixel * pixels) / 1e6);
      timer = setTimeout(() => resolve({ failure: `no result after ${seconds} s` }), 1000 * seconds);
    });
    const answered = new Promise<DecodeReply>((resolve) => (worker.onReply = resolve));
    worker.send(job);
    const reply = await Promise.race([answered, late]);
    clearTimeout(timer);
    if (!('failure' in reply)) {
      this.give(worker);
      return reply;
    }
    // Its codec may be in any state.
    worker.stop();
    this.workers--;
    const next = this.waiting.shift();
    if (next) next(this.startOne());
    throw new DataError(
      `${name}: found pixels that cannot be decoded (${oneLine(reply.failure)}), expected ${kinds[job.kind]}.`,
    );
  }

  /** Ends the workers. */
  close(): void {
    for (const worker of this.idle.splice(0)) worker.stop();
    this.workers = 0;
  }

  private async take(): Promise<DecodeWorker> {
    const worker = this.idle.pop();
    if (worker) return worker;
    if (this.workers < this.most) return this.startOne();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private startOne(): DecodeWorker {
    this.workers++;
    return this.start();
  }

  private give(worker: DecodeWorker): void {
    const next = this.waiting.shift();
    if (next) next(worker);
    else this.idle.push(worker);
  }
}

const kinds: Readonly<Record<DecodeJob['kind'], string>> = {
  jpeg: 'JPEG of 8 bits',
  'jpeg-lossless': 'lossless JPEG',
  'jpeg-ls': 'JPEG-LS',
  'jpeg-2000': 'JPEG 2000',
};

/** What a codec says, as a part of a sentence. */
function oneLine(text: string): string {
  return (
    text
      .replace(/[\s.:]+/g, ' ')
      .trim()
      .slice(0, 80) || 'no reason given'
  );
}
