import { element } from '../dom/element.ts';
import { count, millilitres } from '../dom/numbers.ts';
import type { ClassAppearance } from '../view/appearance.ts';
import type { ClassResult, MaskObject, Segmentation } from '../worker/protocol.ts';
import { objectList } from './object-list.ts';

/** What people do in the panel. */
export interface ResultPanelEvents {
  /** A colour, an opacity or the visibility of a class is another. */
  readonly onAppearance: () => void;
  readonly onObject: (object: MaskObject, label: string) => void;
}

/** The classes of the scan that is shown: how much of each there is, and how it is drawn. */
export function resultPanel({ onAppearance, onObject }: ResultPanelEvents) {
  const content = element('div', { className: 'stack' });
  const panel = element(
    'section',
    { className: 'panel', hidden: true, attributes: { 'aria-labelledby': 'result-heading' } },
    element('h2', { id: 'result-heading' }, 'Mask'),
    content,
  );
  return {
    element: panel,
    update(segmentation: Segmentation | undefined, appearances: readonly ClassAppearance[]): void {
      panel.hidden = segmentation === undefined;
      if (!segmentation) return content.replaceChildren();
      const warnings = segmentation.warnings.map((text) => element('p', { className: 'warning' }, text));
      const cards = segmentation.classes.map((one, index) =>
        classCard(one, appearances[index]!, { onAppearance, onObject }),
      );
      content.replaceChildren(...warnings, ...cards);
    },
  };
}

function classCard(result: ClassResult, appearance: ClassAppearance, { onAppearance, onObject }: ResultPanelEvents) {
  const { name, objects } = result;
  const visible = element('input', { type: 'checkbox', checked: appearance.visible, ariaLabel: `Show ${name}` });
  const color = element('input', { type: 'color', value: appearance.color, ariaLabel: `Colour of ${name}` });
  const opacity = element('input', {
    type: 'range',
    min: '0',
    max: '1',
    step: '0.05',
    value: String(appearance.opacity),
    ariaLabel: `Opacity of ${name}`,
  });
  const apply = (): void => {
    Object.assign(appearance, { visible: visible.checked, color: color.value, opacity: Number(opacity.value) });
    onAppearance();
  };
  for (const input of [visible, color, opacity]) input.addEventListener('input', apply);
  const figures = element(
    'span',
    { className: 'figures' },
    element('strong', {}, millilitres(result.millilitres)),
    ` ${count(objects.length, 'object')}`,
  );
  const card = element(
    'article',
    { className: 'card', ariaLabel: name },
    element('div', { className: 'line' }, visible, color, element('span', { className: 'class-name' }, name), figures),
    element('label', { className: 'line opacity' }, 'Opacity', opacity),
  );
  if (objects.length > 0) {
    card.append(
      objectList({ title: 'Objects', objects, onObject: (one, index) => onObject(one, `${name}, object ${index}`) }),
    );
  }
  return card;
}
