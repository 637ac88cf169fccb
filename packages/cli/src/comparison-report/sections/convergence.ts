import { comparedEntries, type ComparisonFile, type VariantSummary } from '@interseg/experiments';
import type { Series } from '../../charts/frame.ts';
import { lineChart } from '../../charts/line-chart.ts';
import { html, type Html } from '../../html/html.ts';
import type { ComparisonContent } from '../comparison-content.ts';
import { entryVariant } from '../entry-variant.ts';
import { runsByVariant } from '../runs-by-variant.ts';
import { convergenceTable } from './convergence-table.ts';
import { meanCurve, type MeanCurve } from './mean-curve.ts';

/** More lines could not be told apart in one chart. */
const mostLines = 7;

/** Validation Dice by epoch and by training time. */
export function convergence(content: ComparisonContent): Html {
  const { comparison } = content;
  const { variants, runs, cases } = comparison;
  if (cases.validation === 0) return html``;
  const groups = groupByBackbone(variants);
  const byVariant = runsByVariant(comparison);
  const curves = new Map(
    variants.map(({ variant }) => [variant, meanCurve((byVariant.get(variant) ?? []).map((run) => run.validation))]),
  );
  const series = (variant: string, unit?: number): Series =>
    seriesOf(variant, curves.get(variant)!, comparison.settings, unit);
  const edges = variants.flatMap(({ variant }) => {
    const { values, spread = [] } = series(variant);
    return values.map((value = 0, epoch) => value + (spread[epoch] ?? 0));
  });
  const range: readonly [number, number] = [0, Math.min(1, Math.ceil(Math.max(0.01, ...edges) * 10) / 10)];
  const longest = Math.max(...runs.map(({ seconds }) => seconds));
  const unit =
    longest < 600
      ? { name: 's', seconds: 1 }
      : longest < 7200
        ? { name: 'min', seconds: 60 }
        : { name: 'h', seconds: 3600 };
  const charts = groups.map(({ title, variants: members }) => {
    const suffix = title === undefined ? '' : `: ${title}`;
    return html`${lineChart({
      title: `Validation Dice by epoch${suffix}`,
      xLabel: 'epoch',
      series: members.map(({ variant }) => series(variant)),
      range,
      height: 300,
    })}
    ${lineChart({
      title: `Validation Dice by training time${suffix}`,
      xLabel: `training time, ${unit.name}`,
      series: members.map(({ variant }) => series(variant, unit.seconds)),
      range,
      height: 300,
    })}`;
  });
  const isSpread = comparison.settings.seeds.length > 1;
  return html`<section>
    <h2>Convergence</h2>
    <div class="charts of-two">${charts}</div>
    <p class="note">
      Dice of the validation cases after each
      epoch${isSpread && ', mean over seeds. Bands show one standard deviation to each side; a line ends where the first run of its variant stops'}.
      Training time includes validation. Hover over a chart to read its values.
    </p>
    ${convergenceTable(content)}
  </section>`;
}

/** One group of all variants, or one per backbone where there are too many for one chart. */
function groupByBackbone(
  variants: readonly VariantSummary[],
): { title?: string; variants: readonly VariantSummary[] }[] {
  if (variants.length <= mostLines) return [{ variants }];
  const backbones = [...new Set(variants.map(({ variant }) => entryVariant(variant).backbone))];
  return backbones.map((backbone) => ({
    title: backbone.title,
    variants: variants.filter(({ variant }) => entryVariant(variant).backbone === backbone),
  }));
}

/** Number of dash patterns in the style sheet for the settings of one variant. */
const settingStyles = 5;

/** The line of a variant, by epoch, or by time in units of `unit` seconds. */
function seriesOf(name: string, curve: MeanCurve, settings: ComparisonFile['settings'], unit?: number): Series {
  const { title, mechanism, backbone } = entryVariant(name);
  // Entries with the same variant share its colour and differ in their dashes.
  const same = comparedEntries(settings).filter((other) => entryVariant(other).name === entryVariant(name).name);
  return {
    name: title,
    style: `mechanism-${mechanism.name} backbone-${backbone.name} setting-${same.indexOf(name) % settingStyles}`,
    values: curve.dice,
    spread: curve.deviation,
    ...(unit !== undefined && { xs: curve.seconds.map((seconds) => seconds / unit) }),
  };
}
