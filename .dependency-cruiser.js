/** The layers of docs/architecture.md for the whole tree, and no cycles. ESLint shows the same arrows while typing. */
const forbid = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: to },
})

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    forbid('src-never-imports-dev-code', '^src/', '^(test-server|__tests__|bench|scripts)/'),
    forbid('lib-is-the-floor', '^src/lib/', '^src/(?!lib/)'),
    forbid('errors-import-nothing', '^src/errors\\.ts$', '^src/'),
    forbid('http', '^src/http/', '^src/(action|zenodo|files|metadata|github|main|work|index)'),
    forbid('zenodo', '^src/zenodo/', '^src/(action|metadata|github|main|work|index)'),
    forbid('files', '^src/files/', '^src/(action|zenodo|http|metadata|github|main|work|index)'),
    forbid('metadata', '^src/metadata/', '^src/(action|zenodo|http|files|github|main|work|index)'),
    forbid('github', '^src/github/', '^src/(action|zenodo|files|metadata|main|work|index)'),
    forbid('action', '^src/action/', '^src/(main|work|index)'),
    forbid('toolkit-only-in-main', '^src/(?!main\\.ts|files/)', '@actions/'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
}
