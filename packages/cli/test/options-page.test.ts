import { join } from 'node:path';
import { optionFacts, runOptionsSchema, runSections, type OptionFacts } from '@interseg/training';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { expectationOf, formatValue } from '../src/options/option-values.ts';
import { runOptions } from '../src/options/run-options.ts';

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'options.md');

const introduction = `# Options of a run

Everything that decides a run, as \`interseg train --help\` shows it and as \`config.json\` and the file of \`--config\` hold
it: the name there is that of the flag in camel case (\`--learning-rate\` is \`learningRate\`). Flags take precedence over the
file, and both over the preset. \`interseg compare\` takes the same options but \`variant\` and \`seed\`.

Marks in the last column:

- **entry**: the entries of a comparison may have values of their own, as in \`unet+lambda=0.5\`.
- **resume**: \`interseg resume\` may change it.
- **free**: it changes where and how fast, not what comes out.

This page is written by \`npm run docs:options\` from the options themselves.
`;

it('docs/options.md lists every option as it is; `npm run docs:options` writes it', async () => {
  const sections = runSections.map(({ title, schema }) => `## ${title}\n\n${table(Object.keys(schema.shape))}`);
  const markdown = `${introduction}\n${sections.join('\n\n')}\n`;
  const style = await resolveConfig(page);
  await expect(await format(markdown, { ...style, parser: 'markdown' })).toMatchFileSnapshot(page);
});

function table(fields: readonly string[]): string {
  const rows = fields.map((field) => {
    const { flag, description, schema, default: standard } = runOptions.find((one) => one.field === field)!;
    const facts = optionFacts(runOptionsSchema.shape[field as keyof typeof runOptionsSchema.shape]);
    const isNothing = standard === undefined || (Array.isArray(standard) && standard.length === 0);
    const values = expectationOf(schema).replaceAll('a text that is not empty', 'text');
    const cells = [`\`--${flag}\``, description, values, isNothing ? '' : `\`${formatValue(standard)}\``];
    return [...cells, marks(facts)].map((cell) => cell.replaceAll('|', '\\|')).join(' | ');
  });
  return ['option | what | values | default | marks', '--- | --- | --- | --- | ---', ...rows]
    .map((row) => `| ${row} |`)
    .join('\n');
}

function marks({ variesInComparison, resumable, changesResult }: OptionFacts): string {
  const names = { entry: variesInComparison, resume: resumable, free: !changesResult };
  return Object.entries(names)
    .filter(([, holds]) => holds)
    .map(([name]) => name)
    .join(', ');
}
