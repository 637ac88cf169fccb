import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which package may import which: arrows go one way. A package that is not listed may import no other. */
const arrows = {
  'core-layers': [],
  losses: [],
  metrics: [],
  data: [],
  runtime: [],
  models: ['core-layers', 'losses'],
  training: ['models', 'losses', 'metrics', 'data'],
  cli: ['core-layers', 'losses', 'metrics', 'data', 'models', 'runtime', 'training'],
  tools: ['core-layers', 'losses', 'metrics', 'data', 'models', 'runtime', 'training', 'cli'],
  example: ['core-layers', 'losses', 'models'],
};

export default [
  { ignores: ['**/dist', '**/test-results', '**/node_modules', '.nx', 'runs', 'datasets'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts', '**/*.mjs', '**/*.js'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: ['^.*/build/(tsup|vitest|readme|example|vulkan|python)(\\.m?ts|\\.mjs)?$'],
          depConstraints: Object.entries(arrows).map(([from, to]) => ({
            sourceTag: `package:${from}`,
            onlyDependOnLibsWithTags: to.map((name) => `package:${name}`),
          })),
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@interseg/*/src/*', '@interseg/*/dist/*'], message: 'Import what the package exports.' },
          ],
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    // Only `runtime` (and the application) knows engines; a library runs on whichever engine is set.
    files: ['packages/{core-layers,losses,metrics,data,models,training}/src/**/*.ts'],
    ignores: ['**/*.test.ts', 'packages/models/src/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@tensorflow/tfjs', '@tensorflow/tfjs-node*', '@tensorflow/tfjs-backend-*'],
              message: 'Library packages use tfjs-core and tfjs-layers only.',
            },
            { group: ['@interseg/*/src/*', '@interseg/*/dist/*'], message: 'Import what the package exports.' },
          ],
        },
      ],
    },
  },
  prettier,
];
