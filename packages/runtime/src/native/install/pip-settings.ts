import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The settings of pip that say where packages come from. */
export interface PipSettings {
  /** The index to ask instead of the public one, with a user name and password where it needs them. */
  readonly indexUrl?: string;
  /** The proxy for all requests; without one, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` count. */
  readonly proxy?: string;
  /** A file of certificates, in PEM format, to trust in the place of Node's. */
  readonly cert?: string;
}

const keys = { 'index-url': 'indexUrl', proxy: 'proxy', cert: 'cert' } as const;

/**
 * Reads what pip would use, without Python: its environment variables, then its configuration files of the virtual
 * environment, of the user and of the machine, as pip's documentation says under "Configuration". A setting for
 * `pip download` comes before a general one of the same file.
 */
export async function readPipSettings(
  environment: NodeJS.ProcessEnv = process.env,
  system: NodeJS.Platform = process.platform,
): Promise<PipSettings> {
  const files = await Promise.all(configurationFiles(environment, system).map(readSections));
  const found: Partial<Record<(typeof keys)[keyof typeof keys], string>> = {};
  for (const [key, name] of Object.entries(keys)) {
    const variable = environment[`PIP_${key.toUpperCase().replace('-', '_')}`];
    const values = [variable, ...files.flatMap((sections) => ['download', 'global'].map((of) => sections[of]?.[key]))];
    const value = values.find((one) => one !== undefined && one !== '');
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** The paths of pip's configuration files, the one that counts most first. */
function configurationFiles(environment: NodeJS.ProcessEnv, system: NodeJS.Platform): string[] {
  const { PIP_CONFIG_FILE: own, VIRTUAL_ENV: venv, XDG_CONFIG_HOME: xdg, HOME: home = homedir() } = environment;
  // The file that stands for none.
  if (own === '/dev/null') return [];
  const mac = system === 'darwin' ? [join(home, 'Library', 'Application Support', 'pip', 'pip.conf')] : [];
  return [
    ...(own ? [own] : []),
    ...(venv ? [join(venv, 'pip.conf')] : []),
    ...mac,
    join(xdg || join(home, '.config'), 'pip', 'pip.conf'),
    join(home, '.pip', 'pip.conf'),
    ...(system === 'darwin' ? ['/Library/Application Support/pip/pip.conf'] : []),
    '/etc/xdg/pip/pip.conf',
    '/etc/pip.conf',
  ];
}

/** The settings of a file by section; none of a file that is not there or is none of pip's. */
async function readSections(path: string): Promise<Record<string, Record<string, string>>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const sections: Record<string, Record<string, string>> = {};
  let current: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\[(\w+)\]/.exec(line) ?? [];
    if (section !== undefined) current = sections[section] ??= {};
    // A line that begins with a space goes on with the one before, which no setting here needs.
    const [, key, value] = /^([\w-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) current[key.toLowerCase().replaceAll('_', '-')] = value!;
  }
  return sections;
}
