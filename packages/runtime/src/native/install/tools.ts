import { statfsSync } from 'node:fs';
import { firstThatRuns } from './run.ts';
import type { PinnedWheel } from './pins.ts';
import { platform } from './places.ts';
import { readyMadePackage } from './ready-made.ts';

/** The programs that compile the binding. */
export interface CompilerTools {
  readonly compiler: string;
  readonly tar: string;
  readonly npm: string;
}

/** The programs that a build uses. */
export interface Tools extends Partial<CompilerTools> {
  /** Python with pip, which downloads the wheel where nothing else can. */
  readonly python?: string;
  /** Makes the library a quarter smaller; optional. */
  readonly strip?: string;
}

export interface Needs {
  readonly python?: string;
  /** Whether the binding must be compiled. */
  readonly compile: boolean;
  /** Whether the wheel must be downloaded, and whether only pip can. */
  readonly download: boolean | 'pip';
  readonly wheel: PinnedWheel;
  /** An existing folder on the disk of the build. */
  readonly folder: string;
}

/** The size of TensorFlow's extracted libraries and headers. */
const extractedMegabytes = 900;

/**
 * Looks for everything that a build needs, before anything is downloaded.
 *
 * @returns the tools, and one sentence for each thing that is missing: what, and how to get it
 */
export async function findTools(needs: Needs): Promise<{ tools: Tools; missing: string[] }> {
  const missing: string[] = [];
  const environment = process.env;
  const find = async (
    programs: (string | undefined)[],
    args: string[],
    hint: string | false,
  ): Promise<string | undefined> => {
    const candidates = programs.filter((one) => one !== undefined && one !== '') as string[];
    const found = await firstThatRuns(candidates, args);
    if (found === undefined && hint) missing.push(hint);
    return found?.program;
  };
  const mac = process.platform === 'darwin';
  const compiler = await find(
    [environment['CXX'], 'c++', 'g++', 'clang++'],
    ['--version'],
    needs.compile &&
      `There is no C++ compiler: ${mac ? 'run xcode-select --install' : 'install one, such as by apt install g++ or dnf install gcc-c++'}, or npm install ${readyMadePackage(platform)}, which needs none.`,
  );
  const tar = await find(
    ['tar'],
    ['--version'],
    needs.compile && 'The program tar is missing: install it by the system’s packages.',
  );
  const npm = await find(
    [process.platform === 'win32' ? 'npm.cmd' : 'npm'],
    ['--version'],
    needs.compile && 'The program npm is missing: it comes with Node.',
  );
  const python = needs.download
    ? await find(
        [needs.python, environment['INTERSEG_PYTHON'], 'python3', 'python'],
        ['-m', 'pip', '--version'],
        needs.download === 'pip' &&
          'There is no Python with pip, which downloads TensorFlow: install it, such as by apt install python3-pip, or give a wheel that you downloaded by its path.',
      )
    : undefined;
  const strip = mac ? undefined : await find(['strip'], ['--version'], false);
  const megabytes = extractedMegabytes + (needs.download ? needs.wheel.megabytes * 2 : 0);
  const free = freeMegabytes(needs.folder);
  if (free < megabytes) {
    missing.push(
      `The disk of ${needs.folder} has ${free.toFixed(0)} MB free and the build needs ${megabytes} MB for a while: free some, or set XDG_CACHE_HOME to a larger disk.`,
    );
  }
  return { tools: { compiler, tar, npm, python, strip }, missing };
}

/** Whether there is all that compiling the binding takes. */
export function canCompile({ compiler, tar, npm }: Tools): boolean {
  return compiler !== undefined && tar !== undefined && npm !== undefined;
}

function freeMegabytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / 1e6;
}
