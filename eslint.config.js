// Types are tsc's and layout is prettier's business: this is about mistakes.
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: [
      ...['build/', 'dist/', 'node_modules/', '.data/'],
      // Compiled with the examples alone (scripts/lint/examples.mjs).
      'tests/types/given_to_examples.d.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        { selector: 'TSParameterProperty', message: 'Declare the field and assign it.' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers read well in a template.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // A method may be async because its interface says so.
      '@typescript-eslint/require-await': 'off',
      // An empty function says "nothing to do" as well as anything.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    // The build's scripts are JavaScript with types in comments, checked by tsc.
    files: ['**/*.mjs', '**/*.js'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' },
  },
  {
    // Code as people have it before they move to bearerkit.
    files: ['tests/recipes/code/moving/*_before.ts'],
    rules: {
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    // An app in plain JavaScript.
    files: ['tests/package/app/**/*.js'],
    rules: { '@typescript-eslint/no-unsafe-argument': 'off' },
  },
  {
    // Plain http to a developer's own machine: oauth4webapi marks it so that nobody overlooks it.
    files: ['tests/recipes/code/oidc_sign_in.ts'],
    rules: { '@typescript-eslint/no-deprecated': 'off' },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // test() and describe() of node:test answer promises that nobody needs to wait for.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
    },
  },
);
