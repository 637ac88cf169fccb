import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RayRequest } from './ray-job.ts';
import type { QueuedRun } from './submission.ts';
import type { RunEnd } from './supervise-runs.ts';

/** A job as `GET /api/jobs/` lists it. */
interface RayJob {
  submission_id: string | null;
  status: 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';
  message?: string | null;
  metadata?: Record<string, string> | null;
  /** Absent where the job did not end by itself, as when its node was lost. */
  driver_exit_code?: number | null;
  /** Of the node that it was given, once it was; without a port that is one. */
  driver_agent_http_address?: string | null;
}

/** A Ray cluster, by the Jobs REST API of its head node. */
export class RayCluster {
  /**
   * @param address of the dashboard, such as `http://127.0.0.1:8265`
   * @param timeout seconds to wait for an answer
   */
  constructor(
    readonly address: string,
    readonly timeout = 60,
  ) {}

  /** Queues a job. @throws Error when the head node does not answer, or refuses it */
  async submit(job: RayRequest): Promise<void> {
    await this.#call('POST', '/api/jobs/', job);
  }

  /** The runs of a sweep that are queued or run. @throws Error when the head node does not answer */
  async queue(id: string): Promise<QueuedRun[]> {
    return (await this.#jobs()).flatMap(
      ({ submission_id: job, status, metadata, driver_agent_http_address: agent }) => {
        const isOpen = status === 'PENDING' || status === 'RUNNING';
        if (!job || !isOpen || metadata?.['interseg_sweep'] !== id) return [];
        const queued: QueuedRun = { index: Number(metadata['interseg_index']), job, state: status };
        const node = agent && /^https?:\/\/(.+):-?\d+$/.exec(agent)?.[1];
        if (node) queued.node = node;
        return [queued];
      },
    );
  }

  /**
   * Waits until a job has ended. A head node that does not answer is asked again: jobs go on without it.
   *
   * @param interval seconds between two looks
   */
  async ended(job: string, { interval, signal }: { interval: number; signal?: AbortSignal }): Promise<RunEnd> {
    while (!signal?.aborted) {
      await sleep(1000 * interval, undefined, { signal }).catch(() => undefined);
      const end = await this.#end(job);
      if (end) return end;
    }
    return { how: 'stopped' };
  }

  /** How a job has ended; `undefined` while it goes on, or nobody can tell. */
  async #end(name: string): Promise<RunEnd | undefined> {
    const jobs = await this.#jobs().catch(() => undefined);
    if (!jobs) return undefined;
    const job = jobs.find(({ submission_id: id }) => id === name);
    if (!job) return { how: 'lost', reason: 'Ray does not know it any more' };
    if (job.status === 'SUCCEEDED') return { how: 'exit', status: 0 };
    if (job.status === 'STOPPED') return { how: 'stopped' };
    if (job.status !== 'FAILED') return undefined;
    // A negative one is that of a signal.
    if (typeof job.driver_exit_code === 'number' && job.driver_exit_code > 0) {
      return { how: 'exit', status: job.driver_exit_code };
    }
    return { how: 'lost', reason: job.message?.split('\n')[0] };
  }

  /** All jobs. Several callers at the same moment are answered by one call. */
  async #jobs(): Promise<RayJob[]> {
    this.#listing ??= this.#call('GET', '/api/jobs/').finally(() => (this.#listing = undefined));
    return (await this.#listing) as RayJob[];
  }

  #listing: Promise<unknown> | undefined;

  /** By node:http: Ray refuses what has the headers of a browser, which `fetch` adds. */
  #call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const url = new URL(path, this.address);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const fail = (reason: string, cause?: unknown): void =>
        reject(new Error(`${url.href}: ${reason}; expected an answer of Ray's Jobs API.`, { cause }));
      const options = { method, headers: { 'content-type': 'application/json' }, timeout: 1000 * this.timeout };
      const request = send(url, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => (text += part));
        answer.on('error', (error) => fail(error.message, error));
        answer.on('end', () => {
          if (answer.statusCode !== 200) {
            return fail(`found status ${answer.statusCode} (${text.trim().split('\n').at(-1)?.slice(0, 300)})`);
          }
          try {
            resolve(JSON.parse(text));
          } catch (error) {
            fail('found no JSON', error);
          }
        });
      });
      request.on('timeout', () => request.destroy(new Error(`found no answer within ${this.timeout} s`)));
      request.on('error', (error) => fail(error.message, error));
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
