import { html, type Html } from '../../html/html.ts';
import type { ComparisonContent } from '../comparison-content.ts';

/** Wider figures are scrolled rather than made too small to read. */
const widestFitting = 1900;

/** The figure of test cases with the errors of each variant. */
export function figureSection({ figure, comparison }: ComparisonContent): Html {
  if (!figure) return html``;
  const { seeds, folds } = comparison.settings;
  return html`<section class="figure">
    <h2>Segmentations</h2>
    <p>
      Test cases: first those with the smallest objects, then others from the baseline’s worst to its best; runs with
      seed ${seeds[0]}${folds !== undefined && ' and fold 1'}. Each row shows the slice in which the case’s smallest
      object is largest, with that object magnified. Below each panel: Dice of the whole case. Full size:
      <a href="figure.png">figure.png</a>.
    </p>
    <div class="scroll">
      <img
        src="${figure.uri}"
        width="${Math.round(figure.width * 0.8)}"
        class="${figure.width <= widestFitting && 'fits'}"
        alt="Test cases with ground truth and the segmentation of each variant"
      />
    </div>
  </section>`;
}
