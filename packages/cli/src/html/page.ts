import { html, Html } from './html.ts';
import { styles } from './styles.ts';

/**
 * A complete, self-contained page. Its content security policy keeps it from loading anything, whatever the names of files
 * and classes contain.
 */
export function page(title: string, sections: readonly Html[]): string {
  const head = html`<meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'" />
    <title>${title}</title>
    <style>
      ${new Html(styles)}
    </style>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        ${head}
      </head>
      <body>
        <main>${sections.map((section) => html`${section} `)}</main>
      </body>
    </html> `.markup;
}
