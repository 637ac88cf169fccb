// Colours that are legible on a white and on a dark page, as an image cannot know which it is on: the page is its own.
const style = `
  svg { background: #fff; } text { font: 12px system-ui, sans-serif; fill: #333; } .name { font-weight: 600; }
  .grid { stroke: #ddd; } .zero { stroke: #888; } .reference { stroke: #999; fill: none; stroke-width: 1.5; }
  .line { stroke: #1b6ca8; fill: none; stroke-width: 2; } .band { fill: #1b6ca8; opacity: 0.18; }
  .told { stroke: #b3431f; fill: #b3431f; } .untold { stroke: #1b6ca8; fill: #1b6ca8; } .interval { stroke-width: 2; }`;

/** A drawing of a size, with a title for those who cannot see it. */
export function svg(width, height, title, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${title}</title>
<style>${style}</style>
${parts.flat(Infinity).join('\n')}
</svg>
`;
}

export function text(x, y, words, more = '') {
  return `<text x="${round(x)}" y="${round(y)}" ${more}>${words}</text>`;
}

export function line(x1, y1, x2, y2, kind) {
  return `<line class="${kind}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" />`;
}

/** The attribute `points` of a polygon or polyline. */
export function points(pairs) {
  return pairs.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
}

export function round(value) {
  return Number(value.toFixed(1));
}
