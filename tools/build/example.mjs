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

/** The example of a README for browsers: the first below a heading that names them, or the first of all. */
export function browserExample(readme) {
  const heading = /^#+ .*\bbrowsers?\b/im.exec(readme);
  return examplesIn(readme.slice(heading?.index ?? 0))[0];
}

/** The first example of a README, or nothing where there is none. */
export function readmeExample(readme) {
  return examplesIn(readme)[0];
}
