/** What went wrong, in one line without its final stop. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] as string).replace(/\.\s*$/, '');
}
