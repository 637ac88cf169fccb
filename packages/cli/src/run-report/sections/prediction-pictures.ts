import { html, type Html } from '../../html/html.ts';
import type { CasePictures } from '../../slice-pictures/case-pictures.ts';
import type { SlicePicture } from '../../slice-pictures/slice-picture.ts';
import { decimals } from '../../terminal/numbers.ts';
import type { RunContent } from '../content/run-content.ts';

/** Slices of the test cases with outlines of the reference and of the prediction. */
export function predictionPictures({ pictures: all, metrics, configuration, channel }: RunContent): Html {
  if (all.length === 0) return html``;
  return html`<section class="pictures">
    <h2>Pictures</h2>
    <div class="picture-key">
      <label
        ><input type="checkbox" id="show-reference" checked /> <span class="swatch reference"></span> reference</label
      >
      <label
        ><input type="checkbox" id="show-prediction" checked />
        <span class="swatch prediction"></span> prediction</label
      >
    </div>
    <p class="note">
      ${configuration.plane[0]?.toUpperCase()}${configuration.plane.slice(1)} slices${channel && ` of ${channel}`}: for
      each class the one with its largest area, the one where reference and prediction differ most, and others in
      between.
      ${configuration.plane === 'sagittal' ? 'The front (A) is on the left.' : "Radiological convention: the patient's right (R) is on the left."}
      Where the outlines coincide, the narrow line of the prediction lies on the wide line of the reference.
    </p>
    ${all.map((one, index) => casePictures(one, index, metrics))}
  </section>`;
}

function casePictures(
  { id, sides, pictures: slices }: CasePictures,
  index: number,
  metrics: RunContent['metrics'],
): Html {
  const classes = metrics?.cases.find((one) => one.id === id)?.classes ?? {};
  const dice = Object.entries(classes).map(([name, values]) => `${name} ${decimals(values.dice, 3)}`);
  return html`<article>
    <h3>${id}</h3>
    ${dice.length > 0 && html`<p class="case-dice">Dice: ${dice.join(' · ')}</p>`}
    <div class="slices">${slices.map((picture, k) => sliceFigure(picture, sides, `slice-${index}-${k}`))}</div>
  </article>`;
}

/** A whole slice and, beside it, a magnified detail. The detail refers to the whole, so that the page holds each image once. */
export function sliceFigure(picture: SlicePicture, sides: CasePictures['sides'], id: string): Html {
  const { width, height, image, outlines, detail, slice, slices, dice } = picture;
  const letter = 0.055 * Math.min(width, height);
  const frame =
    detail &&
    html`<rect class="frame" x="${detail.x}" y="${detail.y}" width="${detail.size}" height="${detail.size}" />`;
  const kinds = [...new Set(outlines.map(({ kind }) => kind))];
  const alternative = `Slice ${slice} of ${slices}${kinds.length > 0 ? ` with the outlines of ${kinds.join(' and ')}` : ''}`;
  return html`<figure class="${detail && 'with-detail'}">
    <div class="views">
      <svg
        viewBox="0 0 ${width} ${height}"
        role="img"
        aria-label="${alternative}"
        style="aspect-ratio: ${width} / ${height}"
      >
        <g id="${id}">
          <image href="${image}" width="${width}" height="${height}" preserveAspectRatio="none" />
          ${outlines.map(({ kind, name, path }) => html`<path class="outline ${kind}" d="${path}"><title>${kind}: ${name}</title></path>`)}
        </g>
        ${frame}
        <g class="sides" font-size="${letter}">
          <text x="${letter * 0.4}" y="${height / 2}" dominant-baseline="central">${sides.left}</text>
          <text x="${width - letter * 0.4}" y="${height / 2}" text-anchor="end" dominant-baseline="central">
            ${sides.right}
          </text>
          <text x="${width / 2}" y="${letter * 1.1}" text-anchor="middle">${sides.top}</text>
          <text x="${width / 2}" y="${height - letter * 0.4}" text-anchor="middle">${sides.bottom}</text>
        </g>
      </svg>
      ${detail && html`<svg viewBox="${detail.x} ${detail.y} ${detail.size} ${detail.size}" role="img" aria-label="The framed detail, magnified"><use href="#${id}" /></svg>`}
    </div>
    <figcaption>
      slice ${slice} of ${slices}${dice.map(({ name, value }) => html` · ${name} <b>${decimals(value, 2)}</b>`)}
    </figcaption>
  </figure>`;
}
