import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import spelling from './tools/lint/spelling.mjs';

/** Which package may import which: arrows go one way. A package that is not listed may import no other. */
const arrows = {
  errors: [],
  files: ['errors'],
  'core-layers': ['errors'],
  losses: ['errors'],
  metrics: ['errors'],
  runtime: ['errors'],
  onnx: ['errors'],
  nifti: ['errors', 'files'],
  dicom: ['errors', 'files'],
  data: ['nifti', 'errors', 'files'],
  models: ['core-layers', 'losses', 'errors'],
  inference: ['data', 'nifti', 'metrics', 'core-layers', 'errors', 'files'],
  training: ['models', 'losses', 'metrics', 'data', 'inference', 'nifti', 'errors', 'files'],
  experiments: ['training', 'models', 'losses', 'metrics', 'data', 'inference', 'nifti', 'errors', 'files'],
  viewer: [
    'training',
    'models',
    'losses',
    'metrics',
    'data',
    'inference',
    'dicom',
    'nifti',
    'core-layers',
    'runtime',
    'errors',
    'files',
  ],
  example: ['core-layers', 'losses', 'models', 'errors'],
};
const packages = Object.keys(arrows).filter((name) => name !== 'example');
arrows.cli = packages;
arrows.tools = [...packages, 'cli'];

/** Packages that are tested on networks or files of others, which their sources may not import. */
const arrowsOfTests = {
  dicom: ['nifti', 'errors', 'files'],
  onnx: ['models', 'inference', 'data', 'core-layers', 'errors'],
};

const boundaries = (table) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    // Modules that are loaded late may import it at once; what all commands load may not, see `register-dicom.ts`.
    checkDynamicDependenciesExceptions: ['@interseg/dicom'],
    allow: [
      '^.*/lint/spelling\\.mjs$',
      '^.*/build/(tsup|vitest|readme|example|temporary-folder|vulkan|python|cpu-backend|for-browsers|chromium)(\\.m?ts|\\.mjs)?$',
      // Programs of the workspace itself, which are in no package.
      '^.*/(setup|generators/generate-package)\\.mjs$',
    ],
    depConstraints: Object.entries(table).map(([from, to]) => ({
      sourceTag: `package:${from}`,
      onlyDependOnLibsWithTags: to.map((name) => `package:${name}`),
    })),
  },
];

export default [
  { ignores: ['**/dist', '**/test-results', '**/node_modules', '**/.venv', '.nx', 'runs', 'datasets'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.mts', '**/*.mjs', '**/*.js'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(arrows),
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
    files: ['packages/!(cli|runtime)/src/**/*.ts'],
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
  {
    files: Object.keys(arrowsOfTests).flatMap((name) => [
      `packages/${name}/**/*.test.ts`,
      `packages/${name}/test/**/*.ts`,
    ]),
    rules: { '@nx/enforce-module-boundaries': boundaries({ ...arrows, ...arrowsOfTests }) },
  },
  prettier,
  {
    // One voice; after `prettier`, which switches rules about braces off.
    files: ['**/*.ts', '**/*.mts', '**/*.mjs', '**/*.js'],
    plugins: { interseg: { rules: { spelling } } },
    rules: {
      'interseg/spelling': 'error',
      // `if (x) return y;` on one line; whatever spans lines has braces, on both sides of an else.
      curly: ['error', 'multi-line', 'consistent'],
      'no-lonely-if': 'error',
      'no-else-return': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.mts'],
    rules: {
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: ['variable', 'function'], format: ['camelCase', 'PascalCase'], leadingUnderscore: 'allow' },
        // Names that others give: keys of JSON, of NIfTI's headers and of Python.
        { selector: 'variable', modifiers: ['destructured'], format: null },
        // A name that is taken, as `process_`.
        { selector: 'variable', format: ['camelCase'], trailingUnderscore: 'allow', filter: '_$' },
        { selector: 'typeLike', format: ['PascalCase'] },
      ],
      '@typescript-eslint/array-type': ['error', { default: 'array' }],
    },
  },
  {
    // Needs types, so only where a project of TypeScript has the file.
    files: ['packages/*/{src,test}/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    // `list[i]!` rather than `list[i] as Item`, where a type only loses `undefined`.
    rules: { '@typescript-eslint/non-nullable-type-assertion-style': 'error' },
  },
];
