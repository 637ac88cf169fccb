/**
 * The TypeScript example of a README, and what its comments say that it prints (`console.log(…); // …`).
 *
 * @param {string} readme the text of the README
 * @returns {{ code: string, promised: string[] } | undefined} nothing where there is no such example
 */
export function readmeExample(readme) {
  const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  if (code === undefined) return undefined;
  return { code, promised: [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]) };
}
