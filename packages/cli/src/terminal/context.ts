import type { Writable } from 'node:stream';

/** A stream for human readers, possibly a terminal. */
export type LogStream = Writable & { isTTY?: boolean; columns?: number };

/** What every command is given: its streams, its arguments and its exit status. */
export interface Context {
  /** For results only. */
  stdout: Writable;
  /** For progress, notes and errors. */
  stderr: LogStream;
  /** The arguments as given. */
  commandLine: readonly string[];
  /** The exit status of the process. */
  status: number;
}

/** Prints a result on stdout: with `--json` a single JSON document, otherwise text. */
export function printResult(context: Context, json: boolean | undefined, document: unknown, text: () => string): void {
  context.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : text());
}

/** Prints a line on stderr. */
export function note(context: Context, text: string): void {
  context.stderr.write(`${text}\n`);
}
