// Makes the npm package with the ready-made binding of the native engine for this platform, such as
// @interseg/engine-linux-x64, so that `interseg engine install` needs neither a compiler nor Python.
//
//   node tools/engine-package.mjs --out FOLDER     builds the engine with the compiler here, takes its binding, and packs it
//
// It needs what `interseg engine install` needs without that package, and the built packages (`npm run build`).
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { installNative } from '@interseg/runtime';
import { root } from './setup.mjs';

const run = promisify(execFile);

const help = `usage: node tools/engine-package.mjs --out FOLDER

  --out FOLDER      where the tarball goes
  --python PROGRAM  Python with pip, which says where the wheel is on the public index (INTERSEG_PYTHON, or python3)
`;

const { values } = parseArgs({
  options: { out: { type: 'string' }, python: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help || values.out === undefined) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}
const python = values.python ?? process.env.INTERSEG_PYTHON ?? 'python3';
const platform = `${process.platform}-${process.arch}`;
const name = `@interseg/engine-${platform}`;
const work = mkdtempSync(join(tmpdir(), 'interseg-engine-'));
try {
  const build = await installNative({
    cache: join(work, 'cache'),
    python,
    onProgress: ({ step, message, bytes }) => bytes === undefined && console.error(`${step}: ${message}`),
  });
  if (build.binding !== 'compiled') {
    throw new Error(`${name} is installed: remove it, so that the binding is compiled.`);
  }
  const folder = join(work, 'package');
  const files = takeFiles(build.folder, folder);
  writePackage(folder, { build, files, url: await addressOf(build) });
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  console.log(
    join(out, (await run('npm', ['pack', '--silent', '--pack-destination', out], { cwd: folder })).stdout.trim()),
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Copies the binding and tfjs-node's kernels. @returns the digest of each file by its path */
function takeFiles(build, folder) {
  const names = ['binding', 'tfjs-node'].flatMap((part) =>
    readdirSync(join(build, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(build.length + 1)),
  );
  return Object.fromEntries(
    names.sort().map((file) => {
      cpSync(join(build, file), join(folder, file));
      return [
        file,
        createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex'),
      ];
    }),
  );
}

/** Where the public index has the wheel of a build: pip says so without downloading it, where the index has its metadata. */
async function addressOf({ wheel, sha256 }) {
  const [distribution, version, implementation, abi, tags] = wheel.replace(/\.whl$/, '').split('-');
  const choice = ['--only-binary=:all:', '--implementation', implementation.slice(0, 2), '--abi', abi];
  const python312 = ['--python-version', implementation.slice(2), '--platform', tags.split('.')[0]];
  const report = ['install', '--dry-run', '--quiet', '--ignore-installed', '--no-deps', '--report', '-'];
  const specification = `${distribution.replaceAll('_', '-')}==${version}`;
  const words = [...report, ...choice, ...python312, '--target', join(work, 'nowhere'), specification];
  const { install } = JSON.parse(
    (await run(python, ['-m', 'pip', ...words], { cwd: work, maxBuffer: 2 ** 26 })).stdout,
  );
  const { url, archive_info: archive } = install[0].download_info;
  if (archive.hashes.sha256 !== sha256) throw new Error(`pip found ${url}, which is not the wheel with ${sha256}.`);
  return url;
}

function writePackage(folder, { build, files, url }) {
  const { version, license, engines } = JSON.parse(
    readFileSync(join(root, 'packages', 'runtime', 'package.json'), 'utf8'),
  );
  const [os, cpu] = platform.split('-');
  const manifest = {
    name,
    version,
    description: `The native engine of InterSeg for ${platform}: its binding, ready-made.`,
    license,
    engines,
    os: [os],
    cpu: [cpu],
    ...(os === 'linux' && { libc: ['glibc'] }),
    files: ['binding', 'tfjs-node', 'engine.json'],
    publishConfig: { access: 'public' },
  };
  const { tensorflow, tfjsNode, nodeApi, recipe, sha256 } = build;
  const engine = { tensorflow, tfjsNode, nodeApi, recipe, wheel: { sha256, url }, files };
  const write = (file, document) => writeFileSync(join(folder, file), `${JSON.stringify(document, null, 2)}\n`);
  write('package.json', manifest);
  write('engine.json', engine);
  cpSync(join(root, 'packages', 'runtime', 'LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(
    join(folder, 'README.md'),
    `# ${name}

The binding of InterSeg's native engine, ready-made for ${platform}: with it, \`interseg engine install\` needs neither a
compiler nor Python.

\`\`\`sh
npm install ${name}
npx interseg engine install
\`\`\`

It holds the binding and the kernels of \`@tensorflow/tfjs-node\` ${tfjsNode}, compiled for TensorFlow ${tensorflow}, both under the
Apache licence 2.0. TensorFlow's library is not in it: \`engine install\` downloads its wheel, and checks its digest.
`,
  );
}
