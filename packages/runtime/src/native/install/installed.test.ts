import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DataError, OptionError } from '@interseg/errors';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findInstalled } from './installed.ts';
import { installNative } from './install.ts';
import { nodeApiVersion, pinnedWheel, recipe, tensorflowVersion, tfjsNode } from './pins.ts';
import { platform } from './places.ts';
import type { ReadyMadeManifest } from './ready-made.ts';
import { takeFiles } from './tensorflow-files.ts';

const root = mkdtempSync(join(tmpdir(), 'installed-'));
afterAll(() => rmSync(root, { recursive: true }));
const pinned = pinnedWheel('linux-x64', false)!;
const [library, framework] = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];
const header = 'tensorflow/include/tensorflow/c/c_api.h';
const contents = {
  'tensorflow/__init__.py': '# Python',
  [library]: 'code of TensorFlow',
  [framework]: 'framework',
  [header]: '// C',
  'tensorflow/include/google/other.h': '// not included by the binding',
};
const sha256 = (text: string) => createHash('sha256').update(text);
const line = ([name, text]: [string, string]): string =>
  `${name},sha256=${sha256(text).digest('base64url')},${text.length}`;

interface Changes {
  name?: string;
  version?: string;
  tag?: string;
  /** Files other than those that RECORD is of; `undefined` removes one. */
  files?: Record<string, string | undefined>;
}

/** A folder with TensorFlow as pip leaves it. @returns its path */
function sitePackages(
  inside: string,
  { name = 'tensorflow_cpu', version = '2.21.0', tag, files }: Changes = {},
): string {
  const folder = join(mkdtempSync(join(root, 'environment-')), inside);
  const info = `${name}-${version}.dist-info`;
  // pip also records what has no digest, such as RECORD itself, and programs outside the folder.
  const other = ['../../../bin/saved_model_cli,sha256=AAAA,9', `${info}/RECORD,,`];
  const all: Record<string, string | undefined> = {
    ...contents,
    [`${info}/METADATA`]: `Metadata-Version: 2.4\nName: ${name}\nVersion: ${version}\nSummary: Name: other\n`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nTag: ${tag ?? 'cp311-cp311-manylinux_2_27_x86_64'}\n`,
    [`${info}/RECORD`]: [...other, ...Object.entries(contents).map(line)].join('\r\n'),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const find = (folder: string) => findInstalled(folder, pinned, 'linux-x64');
const info = 'tensorflow_cpu-2.21.0.dist-info';

/** A project with the package of a ready-made binding. @returns its path */
function projectWithBinding(text: string): string {
  const project = mkdtempSync(join(root, 'project-'));
  const folder = join(project, 'node_modules', '@interseg', 'engine-linux-x64');
  const binding = 'binding/tfjs_binding.node';
  mkdirSync(join(folder, 'binding'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name":"@interseg/engine-linux-x64","version":"0.1.0"}');
  writeFileSync(join(folder, binding), text);
  const manifest: ReadyMadeManifest = {
    ...{ tensorflow: tensorflowVersion, tfjsNode: tfjsNode.version, nodeApi: nodeApiVersion, recipe },
    wheel: { sha256: pinned.sha256, url: '' },
    files: { [binding]: sha256(text).digest('hex') },
  };
  writeFileSync(join(folder, 'engine.json'), JSON.stringify(manifest));
  return project;
}

describe('an installed TensorFlow', () => {
  test('is found by its package folder, its site-packages and the root of its environment', async () => {
    const site = sitePackages('lib/python3.11/site-packages');
    for (const folder of [join(site, 'tensorflow'), site, dirname(dirname(dirname(site)))]) {
      expect(await find(folder)).toMatchObject({
        sitePackages: site,
        wheel: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
        sha256: sha256('code of TensorFlow').digest('hex'),
      });
    }
  });

  test('gives its libraries and the headers that the binding needs, as copies', async () => {
    const site = sitePackages('site-packages');
    const made = mkdtempSync(join(root, 'build-'));
    const bytes: (number | undefined)[] = [];
    await takeFiles(await find(site), 'linux-x64', made, (progress) => bytes.push(progress.bytes));
    rmSync(site, { recursive: true });
    const taken = readdirSync(made, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(taken.map(({ name }) => name).sort()).toEqual([
      'c_api.h',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ]);
    expect(readFileSync(join(made, 'lib', 'libtensorflow_cc.so.2'), 'utf8')).toBe('code of TensorFlow');
    expect(readFileSync(join(made, 'include', 'tensorflow', 'c', 'c_api.h'), 'utf8')).toBe('// C');
    const sizes = [library, framework, header].map((name) => contents[name]!.length);
    expect(bytes.at(-1)).toBe(sizes.reduce((sum, size) => sum + size));
  });

  test('is chosen among several by the version, and by the package', async () => {
    const environment = dirname(dirname(dirname(sitePackages('lib/python3.10/site-packages', { version: '2.20.0' }))));
    const newer = join(environment, 'lib', 'python3.12', 'site-packages');
    mkdirSync(dirname(newer), { recursive: true });
    renameSync(sitePackages('site-packages'), newer);
    expect((await find(environment)).sitePackages).toBe(newer);
    const both = sitePackages('site-packages', {
      files: { 'tensorflow-2.21.0.dist-info/METADATA': 'Name: tensorflow\nVersion: 2.21.0\n' },
    });
    expect((await find(both)).wheel).toMatch(/^tensorflow_cpu-/);
  });

  test.each<[string, Changes, RegExp]>([
    [
      'no TensorFlow',
      { files: { 'tensorflow/__init__.py': undefined } },
      /^\S+ has no TensorFlow, expected the package's/,
    ],
    [
      'another version',
      { version: '2.20.0' },
      /site-packages has tensorflow-cpu 2\.20\.0, expected tensorflow-cpu 2\.21\.0: pip install tensorflow-cpu==2\.21\.0\.$/,
    ],
    [
      'a version with a suffix',
      { version: '2.21.0+nv1' },
      /has tensorflow-cpu 2\.21\.0\+nv1, expected tensorflow-cpu 2\.21\.0:/,
    ],
    [
      'the package for GPUs',
      { name: 'tensorflow' },
      /has tensorflow 2\.21\.0, expected tensorflow-cpu 2\.21\.0: .*, or ask for CUDA, which this package is for\.$/,
    ],
    [
      'TensorFlow of unknown origin',
      { name: 'tf_nightly' },
      /has TensorFlow without the dist-info of tensorflow or tensorflow-cpu, expected tensorflow-cpu 2\.21\.0/,
    ],
    [
      'another machine',
      { tag: 'cp311-cp311-manylinux_2_27_aarch64' },
      /dist-info is for cp311-cp311-manylinux_2_27_aarch64, expected a package for manylinux and x86_64\.$/,
    ],
    ['another system', { tag: 'cp311-cp311-macosx_12_0_x86_64' }, /is for cp311-cp311-macosx_12_0_x86_64, expected/],
    [
      'a missing library',
      { files: { [framework]: undefined } },
      /has no tensorflow\/libtensorflow_framework\.so\.2; install it again by pip install --force-reinstall --no-deps tensorflow-cpu==2\.21\.0\.$/,
    ],
    ['no RECORD', { files: { [`${info}/RECORD`]: undefined } }, /dist-info has no RECORD, which pip writes; install/],
    [
      'a RECORD without the library',
      { files: { [`${info}/RECORD`]: `${library},,\n${line([framework, 'framework'])}` } },
      /has no digest of tensorflow\/libtensorflow_cc\.so\.2 in RECORD; install/,
    ],
  ])('is refused: %s', async (_, changes, message) => {
    const refused = find(sitePackages('site-packages', changes));
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(DataError);
  });

  test.each<[string, Changes, RegExp]>([
    [
      'changed',
      { files: { [library]: 'code of somebody.' } },
      /libtensorflow_cc\.so\.2 in \S+ is not what its RECORD says; install/,
    ],
    ['gone', { files: { [header]: undefined } }, /c_api\.h is missing, which RECORD lists; install it again by pip/],
  ])('is refused when a file is %s', async (_, changes, message) => {
    const source = await find(sitePackages('site-packages', changes));
    const refused = takeFiles(source, 'linux-x64', mkdtempSync(join(root, 'build-')), () => {});
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(DataError);
  });
});

describe.skipIf(platform !== 'linux-x64')(
  'installNative (Linux x64), with a ready-made binding and no other program',
  () => {
    const cache = join(root, 'cache');
    const steps: string[] = [];
    const install = (tensorflow: string) =>
      installNative({ cache, tensorflow, onProgress: ({ step }) => steps.push(step) });

    beforeEach(() => {
      steps.length = 0;
      for (const name of ['PATH', 'CXX', 'INTERSEG_PYTHON']) vi.stubEnv(name, '');
      vi.spyOn(process, 'cwd').mockReturnValue(projectWithBinding('not machine code'));
    });
    afterEach(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });

    test('leaves nothing behind when a library is damaged', async () => {
      const refused = install(sitePackages('site-packages', { files: { [framework]: 'frameworX' } }));
      await expect(refused).rejects.toThrow(
        /installation failed: \S+framework\.so\.2 in \S+ is not what its RECORD says; install it again/,
      );
      await expect(refused).rejects.toThrow(DataError);
      expect(readdirSync(join(cache, 'native'))).toEqual([]);
    });

    test('downloads nothing, and keeps no build that does not load', async () => {
      await expect(install(sitePackages('site-packages'))).rejects.toThrow(
        /native engine: the installation failed: .*ERR_DLOPEN_FAILED/,
      );
      expect(new Set(steps)).toEqual(new Set(['check', 'extract', 'test']));
      expect(readdirSync(join(cache, 'native'))).toEqual([]);
    });

    test('takes either a wheel or an installed TensorFlow', async () => {
      const both = installNative({ cache: join(root, 'none'), tensorflow: root, wheel: 'a.whl' });
      await expect(both).rejects.toThrow(OptionError);
      await expect(both).rejects.toThrow('wheel and tensorflow are both given');
      expect(existsSync(join(root, 'none'))).toBe(false);
    });
  },
);
