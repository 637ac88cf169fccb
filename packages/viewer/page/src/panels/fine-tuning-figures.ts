import { element } from '../dom/element.ts';
import type { DiceChange } from '../worker/protocol.ts';

/** The Dice of each class in each scan, before training and after. */
export function diceTable(dice: readonly DiceChange[]): HTMLElement {
  const means = [mean(dice.map(({ before }) => before)), mean(dice.map(({ after }) => after ?? NaN))] as const;
  const rows = [
    ...dice.map(({ scan, label, before, after = NaN }) => row(`${scan}, ${label}`, before, after)),
    ...(dice.length > 1 ? [row('Mean', ...means)] : []),
  ];
  const heads = ['On the scans of training', 'Dice before', 'after'].map((text) =>
    element('th', { scope: 'col' }, text),
  );
  return element(
    'div',
    { className: 'stack' },
    element(
      'table',
      { className: 'figures-table' },
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows),
    ),
    element('p', { className: 'note' }, 'Scans that it did not learn from tell how good the new model is elsewhere.'),
  );
}

function row(name: string, before: number, after: number): HTMLElement {
  const figure = (value: number): HTMLElement => element('td', {}, Number.isNaN(value) ? '–' : value.toFixed(3));
  return element('tr', {}, element('th', { scope: 'row' }, name), figure(before), figure(after));
}

function mean(values: readonly number[]): number {
  const counted = values.filter((value) => !Number.isNaN(value));
  return counted.reduce((sum, value) => sum + value, 0) / counted.length;
}

/** The mean loss of each epoch. */
export function lossList(losses: readonly number[]): HTMLElement {
  const text = losses.map((loss) => loss.toFixed(3)).join(', ');
  return element('p', { className: 'note losses' }, `Loss of each epoch: ${text}`);
}
