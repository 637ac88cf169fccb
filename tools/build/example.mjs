/**
 * The TypeScript examples in a text in Markdown, and what their comments say that they print (`console.log(…); // …`).
 *
 * @param {string} markdown
 * @returns {{ code: string, promised: string[] }[]}
 */
export function examplesIn(markdown) {
  return [...markdown.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => ({
    code,
    promised: [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map((match) => match[1]),
  }));
}

/** The first example of a README, or nothing where there is none. */
export function readmeExample(readme) {
  return examplesIn(readme)[0];
}
