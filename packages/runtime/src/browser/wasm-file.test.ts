import { afterEach, expect, test, vi } from 'vitest';
import { fetchWasm } from './wasm-file.ts';

const file = 'tfjs-backend-wasm-simd.wasm';
const binary = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
afterEach(() => vi.unstubAllGlobals());

/** Puts a site in place of the network, and says what was asked for. */
function site(answer: () => Response): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return answer();
  });
  return asked;
}

test('the files are looked for in a folder, or where a map says', async () => {
  const asked = site(() => new Response(binary));
  expect(await fetchWasm('/a', file)).toEqual(binary);
  for (const paths of ['/a/', '', { [file]: '/assets/simd-3f2a.wasm' }]) await fetchWasm(paths, file);
  expect(asked).toEqual([`/a/${file}`, `/a/${file}`, file, '/assets/simd-3f2a.wasm']);
});

const failures: [string, () => Response, string][] = [
  ['a page in its place', () => new Response('<!doctype html>'), 'is no WebAssembly'],
  ['an error', () => new Response('', { status: 403 }), 'gives 403'],
  [
    'no network',
    () => {
      throw new TypeError('Failed to fetch');
    },
    'cannot be fetched',
  ],
];

test.each(failures)('%s is refused, with the address and what must be there', async (_, answer, found) => {
  site(answer);
  await expect(fetchWasm('/a', file)).rejects.toThrow(
    `wasm engine: /a/${file} ${found}; wasmPaths must lead to ${file} of @tensorflow/tfjs-backend-wasm/dist.`,
  );
});

test('a map without the file is refused', async () => {
  await expect(fetchWasm({}, file)).rejects.toThrow(`wasm engine: wasmPaths names no ${file};`);
});
