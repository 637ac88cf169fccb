// Installs what the lock file names, when that has not been done yet for this lock file. Needs nothing but Node and npm.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.interseg-installed');

/** Runs `npm ci` unless the installed packages are those of the lock file already. */
export function setUp() {
  checkNodeVersion();
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.error('Installing packages (npm ci)…');
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, digest);
}

/** Runs npm with its output on stderr. */
function npm(args) {
  const onWindows = process.platform === 'win32';
  execFileSync(onWindows ? 'npm.cmd' : 'npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: onWindows });
}

function checkNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  if (!supported) {
    console.error(`Node ${process.versions.node} runs here; InterSeg needs Node 20.19, 22.12, 24 or newer.`);
    process.exit(2);
  }
}

/** Runs Nx with its daemon and cloud off and returns its exit status. */
export function nx(args, { stdio = 'inherit' } = {}) {
  const env = {
    ...process.env,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    NX_ISOLATE_PLUGINS: 'false',
    NX_CACHE_FAILURES: 'false',
  };
  try {
    execFileSync(process.execPath, [join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'), ...args], {
      cwd: root,
      stdio,
      env,
    });
    return 0;
  } catch (error) {
    if (typeof error.status === 'number') return error.status;
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) setUp();
