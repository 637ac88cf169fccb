import { describe, expect, it } from 'vitest';
import { checkTerm, findTerms, knownTerms } from './terms.ts';

describe('findTerms', () => {
  it('knows organs by common names', () => {
    expect(findTerms('liver')).toEqual({
      category: { value: '91723000', scheme: 'SCT', meaning: 'Anatomical Structure' },
      type: { value: '10200004', scheme: 'SCT', meaning: 'Liver' },
    });
    expect(findTerms('Tumour')!.type).toEqual({ value: '108369006', scheme: 'SCT', meaning: 'Neoplasm' });
    expect(findTerms('urinary_bladder')!.type.value).toBe('89837001');
    expect(findTerms('GREY-MATTER')!.category.meaning).toBe('Tissue');
    expect(findTerms('lungs')!.type.meaning).toBe('Lung');
    expect(findTerms('pancreas')!.type.meaning).toBe('Pancreas');
  });

  it('tells sides from what lies on them', () => {
    for (const name of ['left kidney', 'kidney_left', 'Kidney L', 'Left Kidneys']) {
      const { type, modifier } = findTerms(name)!;
      expect([type.value, modifier], name).toEqual(['64033007', { value: '7771000', scheme: 'SCT', meaning: 'Left' }]);
    }
    // The left ventricle has a code of its own.
    expect(findTerms('left ventricle')).toMatchObject({ type: { value: '87878005', meaning: 'Left ventricle' } });
    expect(findTerms('left ventricle')).not.toHaveProperty('modifier');
  });

  it('claims nothing of other names', () => {
    expect(findTerms('class 1')).toBeUndefined();
    expect(findTerms('left')).toBeUndefined();
    expect(findTerms('')).toBeUndefined();
    expect(findTerms('constructor')).toBeUndefined();
  });

  it('has every term complete, and no code twice', () => {
    const names = knownTerms();
    expect(names.length).toBeGreaterThan(100);
    const byCode = new Map<string, string>();
    for (const name of names) {
      const { type } = findTerms(name)!;
      expect(type.value).toMatch(/^\d{6,12}$/);
      expect(byCode.get(type.value) ?? type.meaning).toBe(type.meaning);
      byCode.set(type.value, type.meaning);
    }
  });
});

it('checkTerm names what is missing', () => {
  const liver = { value: '10200004', scheme: 'SCT', meaning: 'Liver' };
  expect(() => checkTerm(liver, 'segment liver, type')).not.toThrow();
  expect(() => checkTerm({ ...liver, meaning: '' }, 'segment liver, type')).toThrow(
    'segment liver, type: found "" as meaning, expected a text of at most 64 characters.',
  );
  expect(() => checkTerm({ ...liver, scheme: 'x'.repeat(17) }, 'a')).toThrow('as scheme');
  expect(() => checkTerm({ value: 5 } as never, 'a')).toThrow('found 5 as value, expected a text.');
});
