import type { OptionDescription } from '../options/option-schema.ts';
import { formatValue } from '../options/option-values.ts';
import { html, type Html } from './html.ts';

/** A section with every option, its value and its meaning. */
export function settingsTable(options: readonly OptionDescription[], values: Record<string, unknown>): Html {
  return html`<section>
    <h2>Settings</h2>
    <div class="scroll">
      <table class="pairs">
        <thead>
          <tr>
            <th scope="col">Option</th>
            <th scope="col">Value</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          ${options.map(
            ({ field, flag, description }) =>
              html`<tr>
                <th scope="row"><code>${flag}</code></th>
                <td>
                  ${values[field] === undefined ? html`<span class="unset">default</span>` : formatValue(values[field])}
                </td>
                <td class="meaning">${description}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** A section with the contents of `environment.json`; empty when there is none. */
export function environmentTable({ environment }: { environment: Record<string, unknown> }): Html {
  const rows = flatten(environment);
  if (rows.length === 0) return html``;
  return html`<section>
    <h2>Environment</h2>
    <div class="scroll">
      <table class="pairs">
        <thead>
          <tr>
            <th scope="col">Property</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name, value]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Flattens nested records; the key `engineDescription` becomes `engine description`. */
function flatten(record: Record<string, unknown>): [string, string][] {
  return Object.entries(record).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || value === null) return [];
    if (typeof value === 'object' && !Array.isArray(value)) return flatten(value as Record<string, unknown>);
    const words = name.startsWith('@') ? name : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return [[words, formatValue(value)]];
  });
}

/** The heading row of a table: a column of text, then columns of numbers. */
export function headings(first: string, others: readonly (string | Html)[]): Html {
  return html`<tr>
    <th scope="col">${first}</th>
    ${others.map((heading) => html`<th scope="col" class="number">${heading}</th>`)}
  </tr>`;
}
