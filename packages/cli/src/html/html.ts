/** Markup that is safe to insert into a page as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

/** A value in a template: text is escaped, lists are joined, `false`, `null` and `undefined` are left out. */
export type HtmlValue = Html | string | number | false | null | undefined | readonly HtmlValue[];

/** A template tag for HTML and SVG that escapes every value except markup that it made itself. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const markup = parts.map((part, index) => part + (index < values.length ? toMarkup(values[index]) : ''));
  return new Html(markup.join(''));
}

/** Escapes text for use in an element or a quoted attribute. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function toMarkup(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (Array.isArray(value)) return (value as readonly HtmlValue[]).map(toMarkup).join('');
  return escapeText(String(value));
}
