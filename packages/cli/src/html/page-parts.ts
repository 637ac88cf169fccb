import { html, type Html } from './html.ts';

/** A list of facts about what a page shows; facts without a value are left out. */
export function factList(facts: readonly (readonly [name: string, value: string | undefined])[]): Html {
  return html`<dl class="facts">
    ${facts
      .filter(([, value]) => value !== undefined)
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}

/** A number to show large, with its name above it and a remark below. */
export interface Tile {
  name: string;
  value: string | number;
  detail?: string;
}

/** The key numbers of a page, side by side. */
export function tileRow(tiles: readonly Tile[]): Html {
  return html`<section class="tiles" aria-label="Key numbers">
    ${tiles.map(
      ({ value, name, detail }) =>
        html`<div class="tile">
          <p class="name">${name}</p>
          <p class="value">${value}</p>
          <p class="detail">${detail}</p>
        </div>`,
    )}
  </section>`;
}

/** Sentences about what the page cannot show. */
export function notes({ notes: all }: { notes: readonly string[] }): Html {
  return html`${all.map((note) => html`<p class="note">${note}</p>`)}`;
}

/** The end of every page. */
export function footer(): Html {
  return html`<footer>Written by InterSeg. Not a medical device: for research use only.</footer>`;
}
