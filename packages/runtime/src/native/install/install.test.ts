import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { afterAll, describe, expect, test } from 'vitest';
import { testBinding } from './binding.ts';
import { installNative, nativeStatus, removeNative } from './install.ts';
import { pinnedWheel, tfjsNode } from './pins.ts';
import { buildFolder, cacheFolder, platform } from './places.ts';
import { createZip } from './testing/zip-of.ts';
import { findTools } from './tools.ts';
import { unpackPackage } from './npm-package.ts';
import { unpackWheel } from './wheel.ts';

const folder = mkdtempSync(join(tmpdir(), 'native-'));
afterAll(() => rmSync(folder, { recursive: true }));
const cache = join(folder, 'cache');
const onLinux = platform === 'linux-x64';

describe('the cache', () => {
  test('is where each system keeps caches', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/var/big' }, 'linux')).toBe('/var/big/interseg');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux')).toBe(join(homedir(), '.cache', 'interseg'));
    expect(cacheFolder({}, 'darwin')).toBe(join(homedir(), 'Library', 'Caches', 'interseg'));
    expect(cacheFolder({ LOCALAPPDATA: 'L' }, 'win32')).toBe(join('L', 'interseg'));
  });

  test('names a build by all that it depends on', () => {
    expect(buildFolder('c', true)).not.toBe(buildFolder('c', false));
    expect(buildFolder('c', false)).toContain(`tensorflow-2.21.0_tfjs-node-4.22.0_napi-8_${platform}`);
  });
});

describe.skipIf(!onLinux)('before anything is downloaded (Linux x64)', () => {
  test('what is missing is told, with how to get it', async () => {
    const wheel = { ...pinnedWheel('linux-x64', false)!, megabytes: 1e9 };
    const { CXX, PATH, INTERSEG_PYTHON } = process.env;
    try {
      Object.assign(process.env, { PATH: folder, CXX: '', INTERSEG_PYTHON: '' });
      const { tools, missing } = await findTools({ compile: true, download: 'pip', wheel, folder });
      expect(tools.compiler).toBeUndefined();
      expect(missing).toHaveLength(5);
      expect(missing.join('\n')).toMatch(
        /apt install g\+\+[^]*tar is missing[^]*npm is missing[^]*apt install python3-pip/,
      );
      expect(missing[4]).toMatch(/has \d+ MB free and the build needs 2000000900 MB for a while/);
    } finally {
      process.env['PATH'] = PATH;
      for (const [name, value] of Object.entries({ CXX, INTERSEG_PYTHON })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  test('a wheel of another name is refused, and nothing stays behind', async () => {
    const tarballs = process.env['INTERSEG_NATIVE_TARBALLS'];
    const wheel = join(folder, 'tensorflow_cpu-2.9.1-cp310-cp310-manylinux2014_x86_64.whl');
    const refused = installNative({ cache, wheel, tarballs });
    await expect(refused).rejects.toThrow(
      'must be named tensorflow_cpu-2.21.0-*x86_64.whl; get it by pip download --no-deps tensorflow-cpu==2.21.0',
    );
    await expect(refused).rejects.toThrow(DataError);
    const absent = join(folder, 'tensorflow_cpu-2.21.0-cp310-cp310-manylinux_2_27_x86_64.whl');
    await expect(installNative({ cache, wheel: absent, tarballs })).rejects.toThrow(`${absent}: no such file`);
    expect(readdirSync(join(cache, 'native'))).toEqual([]);
    expect(await nativeStatus({ cache })).toMatchObject({ builds: [], folder: join(cache, 'native') });
    expect(await removeNative({ cache })).toBe(0);
  });
});

test('a tarball that is not the original is refused', async () => {
  const tarballs = join(folder, 'tarballs');
  mkdirSync(tarballs);
  writeFileSync(join(tarballs, 'tensorflow-tfjs-node-4.22.0.tgz'), 'something else');
  const refused = unpackPackage(tfjsNode, { npm: 'npm', tar: 'tar', folder, tarballs });
  await expect(refused).rejects.toThrow(DataError);
  await expect(refused).rejects.toThrow(/tfjs-node-4\.22\.0\.tgz has the digest sha512-\S+ and not sha512-uHrXeUl/);
});

describe('a wheel', () => {
  const library = 'tensorflow/libtensorflow_cc.so.2';
  const other = 'tensorflow/libtensorflow_framework.so.2';
  const header = 'tensorflow/include/tensorflow/c/c_api.h';
  const files = {
    [library]: 'code of TensorFlow',
    [other]: 'framework',
    [header]: '// C',
    'tensorflow/python.py': '#',
  };
  const record = (contents: Record<string, string>): string =>
    Object.entries(contents)
      .map(([name, text]) => `${name},sha256=${createHash('sha256').update(text).digest('base64url')},${text.length}`)
      .join('\r\n');
  const unpack = async (contents: Record<string, string>, recorded: Record<string, string>): Promise<string> => {
    const wheel = join(folder, 'a.whl');
    writeFileSync(wheel, createZip({ ...contents, 'tensorflow_cpu-2.21.0.dist-info/RECORD': record(recorded) }));
    const target = mkdtempSync(join(folder, 'unpacked-'));
    await unpackWheel(wheel, 'linux-x64', target, () => {});
    return target;
  };

  test('gives its libraries and headers, and nothing else', async () => {
    const target = await unpack(files, files);
    expect(readdirSync(target).sort()).toEqual(['RECORD', 'include', 'lib']);
    expect(readdirSync(join(target, 'lib'))).toHaveLength(2);
    expect(existsSync(join(target, 'include', 'tensorflow', 'c', 'c_api.h'))).toBe(true);
  });

  test('whose library is not what it records is refused', async () => {
    await expect(unpack({ ...files, [library]: 'code of somebody' }, files)).rejects.toThrow(DataError);
    await expect(unpack({ ...files, [library]: 'code of somebody' }, files)).rejects.toThrow(
      'libtensorflow_cc.so.2 in a.whl is not what its RECORD says; download it again.',
    );
  });

  test('without the library is refused', async () => {
    await expect(unpack({ [header]: '// C' }, files)).rejects.toThrow('has no tensorflow/libtensorflow_cc.so.2');
  });
});

// A build takes half a minute and 1.5 GB; the files come from INTERSEG_NATIVE_WHEEL and INTERSEG_NATIVE_TARBALLS.
const given = process.env['INTERSEG_NATIVE_WHEEL'];
test.skipIf(given === undefined)('builds from a given wheel (set INTERSEG_NATIVE_WHEEL to its path)', async () => {
  const steps: string[] = [];
  const options = { cache, wheel: given, tarballs: process.env['INTERSEG_NATIVE_TARBALLS'] };
  const [made, second] = await Promise.all([
    installNative({ ...options, onProgress: ({ step }) => steps.push(step) }),
    installNative(options),
  ]);
  expect(made).toEqual(second);
  expect(made.tensorflow).toBe('2.21.0');
  expect(new Set(steps)).toContain('done');
  expect(await testBinding(made.folder)).toBe('2.21.0');
  const before = performance.now();
  await installNative(options);
  expect(performance.now() - before).toBeLessThan(50);
  expect(await removeNative({ cache })).toBe(made.bytes);
  expect(existsSync(made.folder)).toBe(false);
});
