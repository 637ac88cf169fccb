import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { coreKey } from '../tfjs-node.ts';
import { logLevel, mute } from './addons.ts';
import { libraryNames, nodeApiVersion } from './pins.ts';
import { run } from './run.ts';
import { arithmetic } from './source/normalization-arithmetic.ts';
import { operations } from './source/normalization-operations.ts';

/** The files in the folder of a build. */
export const layout = {
  manifest: 'manifest.json',
  libraries: 'lib',
  binding: join('binding', 'tfjs_binding.node'),
  mute: join('binding', 'mute.node'),
  kernels: join('tfjs-node', 'dist', 'register_all_kernels.js'),
  backend: join('tfjs-node', 'dist', 'nodejs_kernel_backend.js'),
} as const;

/** Compiles tfjs-node's binding and InterSeg's operations against the libraries in the build's folder, and the addon that mutes them. */
export async function compileBinding(
  build: string,
  { compiler, sources, headers, platform }: { compiler: string; sources: string; headers: string; platform: string },
): Promise<void> {
  const libraries = libraryNames(platform).map((name) => join(build, layout.libraries, name));
  const write = async (name: string, source: string): Promise<string> => {
    const file = join(build, 'include', name);
    await writeFile(file, source);
    return file;
  };
  const added = [await write('log_level.cc', logLevel), await write('normalization.cc', arithmetic + operations)];
  const muteFile = await write('mute.cc', mute);
  const files = [...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(sources, 'binding', file)), ...added];
  const includes = [join(headers, 'include'), join(build, 'include')].flatMap((folder) => ['-I', folder]);
  const mac = platform.startsWith('darwin');
  const flags = [
    '-std=c++17',
    '-O3',
    '-fno-trapping-math',
    '-fno-math-errno',
    '-fPIC',
    '-w',
    `-DNAPI_VERSION=${nodeApiVersion}`,
    ...includes,
  ];
  const shared = mac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const runPath = `-Wl,-rpath,${mac ? '@loader_path' : '$ORIGIN'}/../${layout.libraries}`;
  await mkdir(dirname(join(build, layout.binding)), { recursive: true });
  await run(compiler, [
    ...[...flags, ...files, ...libraries, ...shared, runPath],
    ...['-o', join(build, layout.binding)],
  ]);
  await run(compiler, [...flags, muteFile, ...shared, '-o', join(build, layout.mute)]);
}

/** Copies tfjs-node's backend and kernels beside the binding; the dependencies of tfjs-node are not needed. */
export async function layKernels(build: string, sources: string): Promise<void> {
  const to = join(build, 'tfjs-node', 'dist');
  await mkdir(join(to, 'kernels'), { recursive: true });
  const files = ['nodejs_kernel_backend.js', 'int64_tensors.js', 'register_all_kernels.js'];
  const kernels = (await readdir(join(sources, 'dist', 'kernels'))).filter((file) => /^\w+\.js$/.test(file));
  for (const file of [...files, ...kernels.map((kernel) => join('kernels', kernel))]) {
    if (!/_test\.js$/.test(file)) await cp(join(sources, 'dist', file), join(to, file));
  }
  await cp(join(sources, 'package.json'), join(build, 'tfjs-node', 'package.json'));
  // Messages for TensorBoard, which InterSeg does not use; they would need google-protobuf.
  await mkdir(join(to, 'proto'));
  await writeFile(join(to, 'proto', 'api_pb.js'), 'module.exports = {};\n');
}

/**
 * Makes what the kernels import as `@tensorflow/tfjs` or `tfjs-core` the tfjs-core that InterSeg itself uses, which they
 * get when they are loaded: no project can bring in a second copy.
 */
export async function shareCore(build: string): Promise<void> {
  for (const name of ['tfjs', 'tfjs-core']) {
    const folder = join(build, 'node_modules', '@tensorflow', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'index.js'), `module.exports = globalThis[Symbol.for(${JSON.stringify(coreKey)})];\n`);
  }
}

/**
 * Loads the binding in a process of its own and adds two numbers.
 *
 * @returns TensorFlow's version as the library reports it
 */
export async function testBinding(build: string): Promise<string> {
  const program = `
    const b = require(process.argv[1]);
    const id = b.createTensor([2], b.TF_FLOAT, new Float32Array([3, 4]));
    const [sum] = b.executeOp('AddV2', [{ name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }], [id, id], 1);
    const [first, second] = b.tensorDataSync(sum.id);
    if (first !== 6 || second !== 8) throw new Error('3 + 3 and 4 + 4 gave ' + first + ' and ' + second);
    console.log(b.TF_Version);`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  return (await run(process.execPath, ['-e', program, join(build, layout.binding)], { env })).trim();
}
