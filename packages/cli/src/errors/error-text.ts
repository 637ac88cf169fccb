/** An error as it is shown: one line, or with `debug` followed by the stack trace and those of its causes. */
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
