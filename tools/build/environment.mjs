// Prints what tests find on this machine, for Nx: a result from the cache is only valid where all of it is the same.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The first of some programs that is on the path. */
function programOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** The packages that the Python for cross-checks has, with their versions. */
function pythonPackages() {
  const python = process.env.INTERSEG_PYTHON;
  if (!python) return undefined;
  const script =
    'import importlib.metadata as m; print(",".join(sorted(d.name + d.version for d in m.distributions())))';
  try {
    return execFileSync(python, ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'none';
  }
}

const listed = (folder) => (existsSync(folder) ? readdirSync(folder).sort() : []);
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const found = {
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
  python: pythonPackages(),
  chromium: programOnPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']),
  nativeEngines: listed(join(cache, 'interseg', 'native')),
  vulkanDrivers: listed('/usr/share/vulkan/icd.d'),
};
console.log(JSON.stringify(found));
