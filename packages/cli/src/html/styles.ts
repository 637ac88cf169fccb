/**
 * The style sheet of all pages: light or dark as the reader's system asks, light in print. Readers with colour blindness can
 * tell its colours apart (after Okabe and Ito).
 */
export const styles = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --card: #ffffff; --ink: #1b1d1f; --soft: #5d6468; --rule: #e2e4e3; --accent: #0b6aa2;
  --total: #1b1d1f; --image: #0072b2; --mask: #c05a00; --intermediate: #00805f; --reconstruction: #b0508a; --sky: #3a9fd8; --ochre: #9a7d00;
  --share-colour: #d7e8f3;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
@media (prefers-color-scheme: dark) { :root {
  --ground: #131517; --card: #1b1e20; --ink: #e8eaea; --soft: #a0a8ac; --rule: #31363a; --accent: #7cc4f0;
  --total: #f2f3f3; --image: #56b4e9; --mask: #f0a34a; --intermediate: #2fc79b; --reconstruction: #dd92bd; --sky: #a9dcff; --ochre: #e3cf57;
  --share-colour: #1d3d52;
} }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
main { max-width: 74rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3rem); }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(1.7rem, 5vw, 2.6rem); margin: .1em 0 .2em; letter-spacing: -.02em; }
h1 .on { color: var(--soft); font-weight: 400; }
h2 { font-size: 1.35rem; margin: 0 0 .6rem; letter-spacing: -.01em; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
p { margin: .3rem 0 .8rem; max-width: 70ch; }
section { margin-top: 2.6rem; }
.eyebrow { color: var(--accent); font-weight: 600; margin: 0; font-size: .85rem; letter-spacing: .03em; }
.lead { color: var(--soft); font-size: 1.1rem; }
.note, .case-dice { color: var(--soft); font-size: .88rem; }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 1rem 0 0; padding: .9rem 0 0; border-top: 1px solid var(--rule); }
.facts dt { color: var(--soft); font-size: .8rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .9rem; margin-top: 1.6rem; }
.tile, .chart { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.tile { padding: .9rem 1.1rem; }
.tile p { margin: 0; }
.tile .name { color: var(--soft); font-size: .85rem; }
.tile .value { font-size: 1.75rem; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; white-space: nowrap; }
.tile .detail { color: var(--soft); font-size: .8rem; line-height: 1.35; }
.charts { display: grid; grid-template-columns: 1fr; gap: 1rem; align-items: start; }
@media (min-width: 56rem) { .charts { grid-template-columns: 1.25fr 1fr; } .charts > :first-child { grid-row: span 2; height: 100%; } }
@media (min-width: 56rem) { .charts.of-four { grid-template-columns: 1fr 1fr; align-items: stretch; } .charts.of-four > :first-child { grid-row: auto; } }
.chart { margin: 0; padding: .9rem 1rem .6rem; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: .1rem 1rem; align-items: baseline; margin-bottom: .4rem; }
.chart > svg { display: block; width: 100%; height: auto; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .8rem; color: var(--soft); }
.key { white-space: nowrap; }
.key svg { width: 22px; height: 8px; margin-right: .3rem; }
.line { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.line.total { stroke: var(--total); stroke-width: 2.4; } .line.image, .line.dice, .line.rate { stroke: var(--image); }
.line.mask { stroke: var(--mask); } .line.intermediate { stroke: var(--intermediate); }
.line.lower-levels { stroke: var(--sky); } .line.consistency { stroke: var(--ochre); }
.line.unlabelled { stroke: var(--reconstruction); stroke-dasharray: 5 4; }
.line.reconstruction { stroke: var(--reconstruction); } .line.validation { stroke: var(--image); stroke-dasharray: 5 4; }
.line.level-0 { stroke: var(--total); } .line.level-1 { stroke: var(--image); } .line.level-2 { stroke: var(--mask); }
.line.level-3 { stroke: var(--intermediate); } .line.level-4 { stroke: var(--reconstruction); } .line.target { stroke-dasharray: 2 4; }
.mechanism- { --series: var(--total); } .mechanism-inter { --series: var(--image); } .mechanism-ae { --series: var(--mask); }
.mechanism-sae { --series: var(--intermediate); } .mechanism-tw { --series: var(--reconstruction); } .mechanism-twi { --series: var(--sky); }
.mechanism-twae { --series: var(--ochre); } .line[class*="mechanism-"] { stroke: var(--series); stroke-width: 2; } .line.backbone-unetpp { stroke-dasharray: 6 4; }
.line.setting-1 { stroke-dasharray: 9 3; } .line.setting-2 { stroke-dasharray: 4 3; } .line.setting-3 { stroke-dasharray: 1.5 3; } .line.setting-4 { stroke-dasharray: 8 3 2 3; }
.spread { fill: var(--series); opacity: .1; } .point { fill: var(--series); } .point:hover { r: 5px; }
.chart .dice, .chart .rate { stroke-width: 2.2; }
.grid { stroke: var(--rule); } .axis { stroke: var(--soft); }
.tick, .label { fill: var(--soft); font-size: 12px; } .tick { font-variant-numeric: tabular-nums; }
.mark { fill: var(--card); stroke: var(--mask); stroke-width: 2.2; }
.mark-text { fill: var(--ink); font-size: 12.5px; font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
.band rect { fill: transparent; } .band line { stroke: var(--soft); opacity: 0; } .band:hover line { opacity: .6; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .38rem .8rem .38rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
thead th { color: var(--soft); font-weight: 500; font-size: .82rem; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 600; white-space: nowrap; } .metrics td:nth-last-child(7) { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-left: .8rem; }
.unit { color: var(--soft); }
.share { background: linear-gradient(to right, var(--share-colour) var(--share), transparent 0); }
.metrics .means td { font-weight: 600; }
.metrics tbody tr:last-child > *, .metrics tbody th { border-bottom-color: color-mix(in srgb, var(--soft) 55%, transparent); }
.pairs th, .pairs td { width: 1%; } .pairs td:last-child { width: auto; } .pairs tbody th { white-space: nowrap; font-weight: 500; }
.pairs td { overflow-wrap: anywhere; min-width: 8rem; } .meaning, .unset { color: var(--soft); }
a { color: inherit; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.picture-key { display: flex; gap: 1.6rem; margin-bottom: .5rem; }
.picture-key label { display: inline-flex; align-items: center; gap: .4rem; cursor: pointer; }
.swatch { width: 1.6rem; height: 0; border-top: 4px solid #56b4e9; } .swatch.prediction { border-top: 3px solid #f5a300; }
.slices { display: grid; grid-template-columns: repeat(auto-fill, minmax(max(10rem, 22%), 1fr)); grid-auto-flow: dense; gap: 1.1rem .8rem; align-items: start; }
.slices figure { margin: 0; min-width: 0; } .slices .with-detail { grid-column: span 2; }
.views { display: flex; gap: 3px; background: #000; border-radius: 6px; overflow: hidden; align-items: center; }
.views svg { flex: 1 1 0; min-width: 0; display: block; }
.slices figcaption { font-size: .82rem; color: var(--soft); padding-top: .3rem; } .slices b { color: var(--ink); font-weight: 600; }
.outline { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; pointer-events: visiblePainted; }
.outline.reference { stroke: #56b4e9; stroke-width: 3.4px; } .outline.prediction { stroke: #f5a300; stroke-width: 1.6px; }
.frame { fill: none; stroke: #fff; stroke-width: 1px; stroke-dasharray: 3 3; opacity: .75; vector-effect: non-scaling-stroke; }
.sides { fill: #fff; opacity: .75; font-weight: 600; }
body:has(#show-reference:not(:checked)) .outline.reference, body:has(#show-prediction:not(:checked)) .outline.prediction { display: none; }
.verdict { border-left: 4px solid var(--accent); padding: .1rem 0 .1rem .9rem; margin: 1.4rem 0 0; font-size: 1.05rem; }
.compared td, .compared th { white-space: nowrap; } .compared .best { font-weight: 650; } .compared .group { text-align: center; border-left: 1px solid var(--rule); padding-left: .8rem; }
.compared .deviation { color: var(--soft); font-size: .88em; font-weight: 400; } .compared thead .number { text-align: right; }
.charts.of-two > :first-child { grid-row: auto; height: auto; } @media (min-width: 56rem) { .charts.of-two { grid-template-columns: 1fr 1fr; } }
.figure img { display: block; max-width: none; background: #fff; border-radius: 6px; } .figure .fits { width: 100%; height: auto; }
a { color: var(--accent); }
.problems { margin: 0; padding-left: 1.2rem; } .problems li { overflow-wrap: anywhere; margin: .25rem 0; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: .85rem; }
@media print {
  :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #000; --soft: #444; --rule: #ccc; --accent: #0b6aa2;
    --total: #000; --image: #0072b2; --mask: #c05a00; --intermediate: #00805f; --reconstruction: #b0508a; --sky: #3a9fd8; --ochre: #9a7d00; --share-colour: #d7e8f3; font-size: 12px; }
  main { padding: 0; max-width: none; }
  .tile, .chart, .slices figure, tr, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .slices { grid-template-columns: repeat(4, 1fr); } .scroll { overflow: visible; }
  .views, .share { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .picture-key input { display: none; }
}
`;
