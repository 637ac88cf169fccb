// Runs `interseg`, of this checkout or of others, and tells what it took.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const findHere = (path) => fileURLToPath(new URL(path, import.meta.url));

/** For `parseArgs`: `--command NAME=BIN`, several times; BIN is the packages/cli/bin/interseg.js of a checkout. */
export const commandOption = {
  type: 'string',
  multiple: true,
  default: [`interseg=${findHere('../../packages/cli/bin/interseg.js')}`],
};

/** The name and the file of each command that {@link commandOption} gave. */
export function readCommands(texts) {
  return texts.map((text) => text.split(/=(.*)/s));
}

/** Runs a command. @returns what peers/watch.mjs tells: its notes, and the most memory in bytes */
export async function watch(bin, words) {
  const watcher = ['--import', findHere('peers/watch.mjs')];
  const { stderr } = await promisify(execFile)(process.execPath, [...watcher, bin, ...words]);
  return JSON.parse(stderr);
}
