import { splitCases, type Case, type Split } from '@interseg/data';

/**
 * Divides the cases outside the test part into folds, by patient: each patient is in the validation part of exactly one fold.
 * The test part and the cases without labels are those of the split in every fold.
 *
 * @param folds at least 2 and at most the number of patients outside the test part
 * @throws OptionError when there are fewer such patients than folds
 */
export function foldSplits(
  cases: readonly Pick<Case, 'id' | 'patient'>[],
  split: Split,
  { folds, seed }: { folds: number; seed: number },
): Split[] {
  const known = new Set([...split.train, ...split.validation]);
  const rest = cases.filter(({ id }) => known.has(id));
  return Array.from({ length: folds }, (_, fold) => {
    // What `splitCases` holds back for testing, each patient once, is what is validated on here.
    const { train, test: validation } = splitCases(rest, { fractions: [1, 0, 0], folds, fold, seed });
    const { test, unlabelled } = split;
    return { train, validation, test, ...(unlabelled && { unlabelled }) };
  });
}
