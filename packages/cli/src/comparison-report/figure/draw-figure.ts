import { Canvas } from '../../drawing/canvas.ts';
import { ink, softInk, type Color } from '../../drawing/colors.ts';
import { drawText, textWidth } from '../../drawing/text.ts';
import { drawInset, drawSlice, insetCorner, type PanelImage, type Region } from './draw-panel.ts';
import { outcomeColors, outcomes } from './outcome.ts';

/** A test case in the figure. */
export interface FigureRow {
  caption: string;
  image: PanelImage;
  /** The part to magnify. */
  region: Region;
  /** Ground truth, then each variant: the outcome of each pixel, and the text below the panel. */
  panels: { outcomes: Uint8Array; note: string }[];
}

/** The content of the figure. */
export interface Figure {
  /** Titles of the panels to the right of the image: ground truth, then each variant. */
  titles: string[];
  rows: FigureRow[];
  /** Whether one class can be taken for another; the legend then explains that outcome. */
  hasSeveralClasses: boolean;
}

const margin = 20;
const gap = 8;
const line = { title: 44, caption: 28, note: 24, legend: 44 };

/** Draws the figure: one row per test case with the image, the ground truth, and each variant with its errors. */
export function drawFigure({ titles, rows, hasSeveralClasses }: Figure): Canvas {
  const columns = titles.length + 1;
  const side = columns <= 6 ? 260 : columns <= 10 ? 220 : 200;
  const sizes = rows.map(({ image }) => panelSize(image, side));
  const step = side + gap;
  const legendWidth = legendEntries(hasSeveralClasses).reduce((sum, { width }) => sum + width, 0);
  const width = 2 * margin + Math.max(columns * step - gap, legendWidth);
  const body = sizes.reduce((sum, size) => sum + line.caption + size.height + line.note + gap, 0);
  const canvas = new Canvas(width, 2 * margin + line.title + body + line.legend);
  ['image', ...titles].forEach((title, index) => {
    const middle = margin + index * step + side / 2;
    drawText(canvas, title, middle, margin + 8, { size: 17, align: 'middle', width: side });
  });
  let top = margin + line.title;
  rows.forEach((row, index) => {
    const size = sizes[index] as { width: number; height: number };
    drawText(canvas, row.caption, margin, top + 4, { color: softInk, width: width - 2 * margin });
    drawRow(canvas, row, { top: top + line.caption, side, step, ...size });
    top += line.caption + size.height + line.note + gap;
  });
  drawLegend(canvas, top + 10, hasSeveralClasses);
  return canvas;
}

function drawRow(
  canvas: Canvas,
  { image, region, panels }: FigureRow,
  { top, side, step, width, height }: { top: number; side: number; step: number; width: number; height: number },
): void {
  const whole: Region = {
    left: 0,
    top: 0,
    width: image.columns * image.spacing[1],
    height: image.rows * image.spacing[0],
  };
  const corner = insetCorner(
    image,
    region,
    panels.map(({ outcomes: all }) => all),
  );
  [undefined, ...panels].forEach((panel, index) => {
    const left = margin + index * step + Math.round((side - width) / 2);
    const box = { left, top, width, height };
    drawSlice(canvas, box, image, whole, panel?.outcomes);
    drawInset(canvas, box, image, { region, outcomes: panel?.outcomes, corner });
    if (panel) {
      drawText(canvas, panel.note, left + width / 2, top + height + 6, { align: 'middle', color: ink, width: side });
    }
  });
}

/** The largest size of a panel that fits into a square. */
function panelSize({ rows, columns, spacing }: PanelImage, side: number): { width: number; height: number } {
  const [height, width] = [rows * spacing[0], columns * spacing[1]];
  const scale = side / Math.max(height, width);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

function legendEntries(hasSeveralClasses: boolean): { name: string; color: Color; width: number }[] {
  return outcomes
    .map((name, index) => ({ name, color: outcomeColors[index]!, width: 24 + textWidth(name) + 28 }))
    .filter(({ name }) => hasSeveralClasses || name !== 'wrong class');
}

function drawLegend(canvas: Canvas, top: number, hasSeveralClasses: boolean): void {
  let left = margin;
  for (const { name, color, width } of legendEntries(hasSeveralClasses)) {
    canvas.fill(left, top, 16, 16, color);
    drawText(canvas, name, left + 24, top + 1);
    left += width;
  }
}
