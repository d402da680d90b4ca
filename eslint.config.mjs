import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { layersRule } from './tools/lib/layers.mjs';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration', message: 'Export by name: a name can be searched for and renamed.',
};
const noVscode = { name: 'vscode', message: 'Only src/extension.ts and src/host may import vscode.' };
const noToolkit = { name: '@vscode/webview-ui-toolkit', message: 'Deprecated by its makers: only webview/toolkit.ts may import it.' };
const noFsInWebview = { regex: '^node:', message: 'Browser code.' };

export default tseslint.config(
  { ignores: ['**/node_modules/**', 'dist/**', 'out/**', '.kedrec-start/**', 'coverage/**', '**/*.vsix'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      'no-control-regex': 'off', // cleaning clinical text is about control characters
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true }],
    },
  },
  {
    // rules that ask the type checker: only the few that find real faults
    files: ['src/**/*.ts', 'webview/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', name: ['describe', 'it', 'suite', 'test'], package: 'mocha' }] }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.{ts,mjs}'],
    ignores: ['eslint.config.mjs', 'tools/lib/reporter.mjs'], // these two are read through their default export
    rules: {
      'eqeqeq': 'error', 'no-var': 'error', 'prefer-const': 'error',
      'no-restricted-syntax': ['error', noDefaultExport],
    },
  },
  {
    files: ['src/**/*.ts', 'webview/**/*.ts'],
    plugins: { kedrec: { rules: { layers: layersRule } } },
    rules: { 'kedrec/layers': 'error', 'no-console': 'error' },
  },
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['src/core/**/*.ts', 'src/cli/**/*.ts', 'src/shared/**/*.ts'], rules: { 'no-restricted-imports': ['error', { paths: [noVscode, noToolkit] }] } },
  { files: ['src/host/**/*.ts', 'src/extension.ts'], rules: { 'no-restricted-imports': ['error', { paths: [noToolkit] }] } },
  { files: ['webview/**/*.ts'], rules: { 'no-restricted-imports': ['error', { paths: [noVscode, noToolkit], patterns: [noFsInWebview] }] } },
  { files: ['webview/toolkit.ts'], rules: { 'no-restricted-imports': ['error', { paths: [noVscode], patterns: [noFsInWebview] }] } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(['process', 'console', 'URL', 'fetch', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Buffer', 'AbortController',
        'AbortSignal', 'TextDecoder', 'TextEncoder', 'performance', 'structuredClone'].map(name => [name, 'readonly'])),
    },
  },
  {
    files: ['test/e2e/**/*.mjs'],
    languageOptions: { globals: Object.fromEntries(['describe', 'it', 'before', 'after', 'beforeEach', 'afterEach', 'document', 'window', 'navigator', 'localStorage'].map(name => [name, 'readonly'])) },
  },
);
