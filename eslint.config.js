import eslint from '@eslint/js'
import tseslint from 'typescript-eslint'

/** Folders of src/ that a folder may not import: the arrows of docs/architecture.md. */
const FORBIDDEN = {
  lib: ['action', 'zenodo', 'http', 'files', 'metadata', 'github', 'errors'],
  http: ['action', 'zenodo', 'files', 'metadata', 'github'],
  zenodo: ['action', 'metadata', 'github'],
  files: ['action', 'zenodo', 'http', 'metadata', 'github'],
  metadata: ['action', 'zenodo', 'http', 'files', 'github'],
  github: ['action', 'zenodo', 'files', 'metadata'],
  action: ['main', 'work', 'index'],
}

const layer = ([folder, others]) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\.\\./(\\.\\./)*(${others.join('|')})(/|\\.ts$)`,
            message: 'Layers: see docs/architecture.md.',
          },
          {
            regex: '(^|/)(test-server|__tests__)/',
            message: 'Development code never enters src/.',
          },
          {
            regex: folder === 'files' ? '^@actions/(?!glob)' : '^@actions/',
            message: 'Only main.ts knows that a runner exists.',
          },
        ],
      },
    ],
  },
})

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'coverage/', 'node_modules/', '.tools/', '__tests__/fixtures/'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js', '*.cjs'] } },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
    },
  },
  ...Object.entries(FORBIDDEN).map(layer),
  {
    files: ['__tests__/**/*.ts', 'test-server/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': [
        'error',
        { object: 'jest', property: 'mock', message: 'Fake the server, never our own modules.' },
        {
          object: 'jest',
          property: 'unstable_mockModule',
          message: 'Fake the server, never our own modules.',
        },
        { object: 'jest', property: 'spyOn', message: 'Assert on what the server received.' },
      ],
    },
  },
  { files: ['*.js', '*.cjs', '.*.cjs'], ...tseslint.configs.disableTypeChecked },
)
