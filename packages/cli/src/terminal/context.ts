import type { Writable } from 'node:stream';

/** A stream for people, which may be a terminal. */
export type LogStream = Writable & { isTTY?: boolean; columns?: number };

/** What every command works with. */
export interface Context {
  /** For results only. */
  stdout: Writable;
  /** For progress, notes and errors. */
  stderr: LogStream;
  /** The arguments as given. */
  commandLine: readonly string[];
  /** What the process will end with. */
  status: number;
}

/** Prints a result: the one JSON document that `--json` promises, or the text for people. */
export function printResult(context: Context, json: boolean | undefined, document: unknown, text: () => string): void {
  context.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : text());
}

/** Tells people something, on stderr. */
export function note(context: Context, text: string): void {
  context.stderr.write(`${text}\n`);
}
