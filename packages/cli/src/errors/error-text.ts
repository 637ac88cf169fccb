/** Formats an error as one line; with `debug`, followed by its stack trace and that of its cause. */
export function errorText(error: unknown, { debug = false } = {}): string {
  if (!(error instanceof Error)) return `error: ${oneLine(String(error))}\n`;
  const line = `error: ${oneLine(error.message || error.name)}\n`;
  if (!debug) return line;
  return `${line}${error.stack ?? ''}\n${error.cause === undefined ? '' : `caused by: ${causeText(error.cause)}\n`}`;
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
