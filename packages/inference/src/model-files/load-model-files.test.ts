import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallNetwork } from '../../test/small-network.ts';
import type { LoadedModel } from './build-model.ts';
import { fetchModelFiles } from './fetch-model-files.ts';
import { loadEnsemble } from './load-ensemble.ts';
import { loadModelFiles } from './load-model-files.ts';
import { loadModel } from './load-model.ts';
import { modelContents, zipModel, type ModelContents } from './model-contents.ts';
import { createModelIndex } from './model-index.ts';
import { saveModel } from './save-model.ts';
import { unzipModelFiles } from './unzip-model-files.ts';

const description = {
  variant: 'unet',
  channels: ['T1', 'FLAIR'],
  modality: 'mr',
  classes: [{ name: 'lesion', values: [1] }],
  slices: { size: [16, 16] },
} as const;

let model: Buffer;
let weights: Buffer;
let expected: number[];
let contents: ModelContents;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const folder = join(await temporaryFolder(), 'model');
  const network = smallNetwork();
  await saveModel(folder, network, description);
  contents = await modelContents(network, description);
  expected = valuesOf({ model: network, description });
  model = await readFile(join(folder, 'model.json'));
  weights = await readFile(join(folder, 'weights.bin'));
});

/** All weights of a model, which is disposed of. */
function valuesOf({ model: network }: LoadedModel): number[] {
  const values = network.getWeights().flatMap((one) => [...one.dataSync()]);
  network.dispose();
  return values;
}

const fileOf = (content: Uint8Array, name = ''): File => new File([Uint8Array.from(content)], name);

describe('an index of the files', () => {
  it('lists sizes and digests, and lets in what it lists', async () => {
    const index = await createModelIndex({ 'model.json': model, 'weights.bin': weights }, 'Lesions');
    expect(index).toEqual({
      name: 'Lesions',
      files: {
        'model.json': { bytes: model.length, sha256: createHash('sha256').update(model).digest('hex') },
        'weights.bin': { bytes: weights.length, sha256: createHash('sha256').update(weights).digest('hex') },
      },
    });
    const loaded = await loadModelFiles({
      model: fileOf(model),
      weights: fileOf(weights),
      index: fileOf(Buffer.from(JSON.stringify(index))),
    });
    expect(valuesOf(loaded)).toEqual(expected);
  });

  it('refuses weights of which one bit is another', async () => {
    const index = fileOf(
      Buffer.from(JSON.stringify(await createModelIndex({ 'model.json': model, 'weights.bin': weights }))),
    );
    const changed = Uint8Array.from(weights);
    changed[100]! ^= 1;
    await expect(
      loadModelFiles({ model: fileOf(model), weights: fileOf(changed, 'weights.bin'), index }),
    ).rejects.toThrow(
      /^weights\.bin: found the digest [0-9a-f]{12}…, expected [0-9a-f]{12}…: what index\.json lists\.$/,
    );
  });

  it('that is none is an error of its own', async () => {
    const files = { model: fileOf(model), weights: fileOf(weights) };
    const load = (text: string) => loadModelFiles({ ...files, index: fileOf(Buffer.from(text)) });
    await expect(load('{')).rejects.toThrow('index.json: found broken JSON');
    await expect(load('{"files": {"model.json": {"bytes": 3}}}')).rejects.toThrow(
      'index.json: found files.model.json.sha256 that is not as expected: the bytes and sha256 of model.json and of weights.bin.',
    );
  });
});

describe('a model by its address', () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const found = { '/m/model.json': model, '/m/weights.bin': weights, '/half/model.json': model }[request.url!];
    if (request.url!.startsWith('/page/')) {
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>');
    }
    response.writeHead(found ? 200 : 404).end(found);
  });
  let url: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it.each(['/m', '/m/', '/m/model.json'])('is fetched from %s, with or without an index', async (path) => {
    const loaded = await loadModelFiles(await fetchModelFiles(url + path));
    expect(loaded.description).toEqual(description);
    expect(valuesOf(loaded)).toEqual(expected);
  });

  it.each([
    ['/nowhere', '/nowhere/model.json: found the answer 404, expected a file of a model.'],
    ['/half', '/half/weights.bin: found the answer 404, expected a file of a model.'],
    ['/page', '/page/model.json: found a web page, expected a file of a model.'],
  ])('%s, which has none, is an error', async (path, message) => {
    await expect(fetchModelFiles(url + path)).rejects.toThrow(url + message);
  });

  it('is not waited for after an abort', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(fetchModelFiles(`${url}/m`, { signal })).rejects.toThrow('enough');
  });
});

describe('a model in a zip archive', () => {
  /** An archive with all files deflated (PKWARE's APPNOTE 4.3). */
  function zipOf(files: Record<string, Uint8Array>): File {
    const local: Buffer[] = [];
    const central: Buffer[] = [];
    let offset = 0;
    for (const [path, content] of Object.entries(files)) {
      const packed = deflateRawSync(content);
      const common = Buffer.alloc(26);
      common.writeUInt16LE(8, 4);
      common.writeUInt32LE(crc32(content), 10);
      common.writeUInt32LE(packed.length, 14);
      common.writeUInt32LE(content.length, 18);
      common.writeUInt16LE(path.length, 22);
      const tail = Buffer.alloc(14);
      tail.writeUInt32LE(offset, 10);
      local.push(Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(path), packed]));
      central.push(Buffer.concat([Buffer.from('PK\x01\x02\0\0'), common, tail, Buffer.from(path)]));
      offset += local.at(-1)!.length;
    }
    const list = Buffer.concat(central);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(central.length, 10);
    end.writeUInt32LE(list.length, 12);
    end.writeUInt32LE(offset, 16);
    return fileOf(Buffer.concat([...local, list, end]), 'lesions.zip');
  }

  it('is found in the folder nearest to the top', async () => {
    const other = Buffer.from('{}');
    const archive = zipOf({
      'run/old/deep/model.json': other,
      'run/model/model.json': model,
      'run/model/weights.bin': weights,
      'run/notes.txt': other,
    });
    const loaded = await loadModelFiles(await unzipModelFiles(archive));
    expect(valuesOf(loaded)).toEqual(expected);
  });

  it('must be there, with its weights', async () => {
    await expect(unzipModelFiles(zipOf({ 'notes.txt': model }))).rejects.toThrow(
      'lesions.zip: found no model.json, expected the folder of a model of InterSeg.',
    );
    await expect(unzipModelFiles(zipOf({ 'a/model.json': model, 'weights.bin': weights }))).rejects.toThrow(
      'lesions.zip: found a/model.json without weights.bin, expected the folder of a model of InterSeg.',
    );
  });

  it('that was made here is one for pages, for Node and for every other program', async () => {
    expect(Buffer.from(contents['model.json']).equals(model)).toBe(true);
    expect(Buffer.from(contents['weights.bin']).equals(weights)).toBe(true);
    const archive = await zipModel(contents, 'Lesions');
    const files = await unzipModelFiles(archive);
    expect(JSON.parse(await files.index!.text())).toEqual(await createModelIndex(contents, 'Lesions'));
    expect(valuesOf(await loadModelFiles(files))).toEqual(expected);
    const path = join(await temporaryFolder(), 'lesions.zip');
    await writeFile(path, Buffer.from(await archive.arrayBuffer()));
    const loaded = await loadModel(path);
    expect(loaded.description).toEqual(description);
    expect(valuesOf(loaded)).toEqual(expected);
    const ensemble = await loadEnsemble([path]);
    expect(ensemble.description).toMatchObject(description);
    ensemble.dispose();
  });

  it('is refused by name where it is damaged or not there', async () => {
    const path = join(await temporaryFolder(), 'lesions.zip');
    await expect(loadModel(path)).rejects.toThrow(`${path}: no such file, expected a zip of a model.`);
    await writeFile(path, 'no archive');
    await expect(loadModel(path)).rejects.toThrow(`${path}: found no end of an archive, expected a zip archive.`);
  });
});
