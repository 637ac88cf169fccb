import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { rayRequest } from './ray-job.ts';
import { RayCluster } from './ray.ts';
import type { Submission } from './submission.ts';

const submission: Submission = {
  id: '0123abcd',
  folder: '/shared/sweep',
  indices: [0, 4],
  command: 'interseg sweep run /shared/sweep --index',
  flags: [],
  attempts: 3,
};

type Job = { submission_id: string | null; status: string } & Record<string, unknown>;
let jobs: Job[] = [];
let status = 200;
const received: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];
/** Answers as the head node of Ray 2.60 does. */
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body });
    response.statusCode = status;
    response.end(status === 200 ? JSON.stringify(method === 'GET' ? jobs : {}) : 'Traceback\nno such thing');
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const cluster = new RayCluster(address);

afterAll(() => void server.close());
beforeEach(() => {
  jobs = [];
  status = 200;
  received.length = 0;
});

const metadata = (index: number, id = submission.id) => ({ interseg_sweep: id, interseg_index: String(index) });

it('asks Ray for what the flags say', () => {
  const flags = ['gpus=1', 'cpus=4', 'memory=8e9', 'a100=0.5'].map((flag) => {
    const [name, value] = flag.split('=') as [string, string];
    return { name, value };
  });
  expect(rayRequest({ ...submission, flags, prologue: 'module load nodejs\n' }, 4)).toEqual({
    submission_id: expect.stringMatching(/^interseg-0123abcd-4-[0-9a-f]{6}$/),
    entrypoint: 'module load nodejs\nexec interseg sweep run /shared/sweep --index 4',
    entrypoint_num_cpus: 4,
    entrypoint_num_gpus: 1,
    entrypoint_memory: 8e9,
    entrypoint_resources: { a100: 0.5 },
    metadata: metadata(4),
  });
  expect(rayRequest(submission, 0)).toMatchObject({ entrypoint_num_cpus: 1 });
  const wrong = { ...submission, flags: [{ name: 'gpus', value: 'all' }] };
  expect(() => rayRequest(wrong, 0)).toThrow('The option flag has gpus=all, expected an amount for Ray');
});

it('sends a job without the headers of a browser', async () => {
  const request = rayRequest(submission, 0);
  await cluster.submit(request);
  expect(received[0]).toMatchObject({ method: 'POST', url: '/api/jobs/', body: JSON.stringify(request) });
  expect(Object.keys(received[0]!.headers).filter((name) => /^(sec-|origin|user-agent)/.test(name))).toEqual([]);
});

it('knows the runs of a sweep that Ray has queued or started', async () => {
  jobs = [
    { submission_id: 'a', status: 'RUNNING', metadata: metadata(3), driver_agent_http_address: 'http://10.0.0.7:-1' },
    { submission_id: 'b', status: 'PENDING', metadata: metadata(5), driver_agent_http_address: null },
    { submission_id: 'c', status: 'SUCCEEDED', metadata: metadata(6) },
    { submission_id: 'd', status: 'RUNNING', metadata: metadata(7, 'deadbeef') },
    { submission_id: null, status: 'RUNNING', metadata: null },
  ];
  expect(await cluster.queue(submission.id)).toEqual([
    { index: 3, job: 'a', state: 'RUNNING', node: '10.0.0.7' },
    { index: 5, job: 'b', state: 'PENDING' },
  ]);
});

it.each([
  [
    { status: 'SUCCEEDED', driver_exit_code: 0 },
    { how: 'exit', status: 0 },
  ],
  [
    { status: 'FAILED', driver_exit_code: 2 },
    { how: 'exit', status: 2 },
  ],
  [
    { status: 'FAILED', driver_exit_code: -9, message: 'killed\nlog' },
    { how: 'lost', reason: 'killed' },
  ],
  [
    { status: 'FAILED', driver_exit_code: null, message: 'The node died' },
    { how: 'lost', reason: 'The node died' },
  ],
  [{ status: 'STOPPED' }, { how: 'stopped' }],
])('tells how a job with %o has ended', async (job, end) => {
  jobs = [{ submission_id: 'a', ...job }];
  expect(await cluster.ended('a', { interval: 0 })).toEqual(end);
});

it('waits while a job goes on and while nobody answers, and tells when Ray has forgotten it', async () => {
  jobs = [{ submission_id: 'a', status: 'RUNNING' }];
  const end = cluster.ended('a', { interval: 0.02 });
  while (received.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  status = 500;
  const before = received.length;
  while (received.length < before + 3) await new Promise((resolve) => setTimeout(resolve, 5));
  [jobs, status] = [[], 200];
  expect(await end).toEqual({ how: 'lost', reason: 'Ray does not know it any more' });
});

it('says what was wrong with an answer', async () => {
  status = 500;
  await expect(cluster.submit(rayRequest(submission, 0))).rejects.toThrow(
    `${address}/api/jobs/: found status 500 (no such thing); expected an answer of Ray's Jobs API.`,
  );
  await expect(new RayCluster('http://127.0.0.1:1').queue('x')).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:1\/api\/jobs\/: .*; expected an answer of Ray's Jobs API\.$/,
  );
});
