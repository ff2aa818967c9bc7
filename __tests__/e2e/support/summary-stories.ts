import { startZenodo, type Zenodo } from '../../../test-server/server.ts'
import { createWorkspace, runAction, type ActionResult } from '../../support/run-action.ts'

/** One step on the stage of a story. */
export type Step = (
  inputs: Readonly<Record<string, string>>,
  options?: StepOptions,
) => Promise<ActionResult>

interface StepOptions {
  /** Written over the files of the stage. */
  readonly files?: Readonly<Record<string, string | Buffer>>
  readonly tag?: string
  readonly event?: { readonly name: string; readonly payload: unknown }
  readonly signalAfter?: string | RegExp | Promise<unknown>
}

interface Stage {
  readonly zenodo: Zenodo
  readonly step: Step
}

/** A run whose summary people look at, and what the summary must say first. */
export interface SummaryStory {
  readonly heading: string
  readonly exitCode: 0 | 1
  /** What it must say besides; `{deposit-id}` stands for the output of that name. */
  readonly parts: readonly string[]
  readonly run: (stage: Stage) => Promise<ActionResult>
}

const METADATA = {
  title: 'River levels of the upper Mosel 2026',
  upload_type: 'dataset',
  description:
    '<p>Water levels of three gauges, measured hourly, with the scripts that clean them.</p>',
  creators: [
    { name: 'Doe, Jane', affiliation: 'Institute of Hydrology', orcid: '0000-0002-1825-0097' },
    { name: 'Roe, Richard' },
  ],
  keywords: ['hydrology', 'time series'],
  license: 'cc-by-4.0',
  language: 'eng',
}

const FILES = {
  '.zenodo.json': JSON.stringify(METADATA, null, 2),
  'data/README.md': '# River levels\n',
  'data/gauge-cochem.csv': Buffer.alloc(812_345, 'time,level\n'),
  'data/gauge-perl.csv': Buffer.alloc(1_204_511, 'time,level\n'),
  'data/gauge-trier.csv': Buffer.alloc(998_102, 'time,level\n'),
}

const idOf = ({ outputs }: ActionResult): string => outputs['deposit-id'] ?? ''

/** Every state that a summary can show, from real runs of the bundle. */
export const SUMMARY_STORIES: Readonly<Record<string, SummaryStory>> = {
  published: {
    heading: 'Published on Zenodo',
    exitCode: 0,
    parts: [
      '[{deposit-id}](',
      '[{doi}](https://doi.org/{doi})',
      'DOI of all versions | [{concept-doi}]',
      '| `gauge-perl.csv` | 1.20 MB | `md5:',
      'Sent 3.01 MB in ',
      "deposit-id: '{concept-id}'\n",
      '7 fields from .zenodo.json',
      '`related_identifiers` https:',
    ],
    run: ({ step }) => step({ publish: 'true' }, { tag: 'v1.2.0' }),
  },
  draft: {
    heading: 'Draft on Zenodo, not published',
    exitCode: 0,
    parts: [
      '{doi} (reserved',
      "          deposit-id: '{deposit-id}'\n          publish: true\n",
      '[Review the draft](',
    ],
    run: ({ step }) => step({}, { tag: 'v1.2.0' }),
  },
  'draft-prerelease': {
    heading: 'Draft on Zenodo, not published',
    exitCode: 0,
    parts: [
      '          publish-prereleases: true\n',
      '### Notes\n\n- The triggering release is a prerelease',
    ],
    run: ({ step }) => {
      const release = { id: 1, tag_name: 'v2.0-rc1', prerelease: true }
      return step({ publish: 'true' }, { event: { name: 'release', payload: { release } } })
    },
  },
  'next-version': {
    heading: 'Published on Zenodo',
    exitCode: 0,
    parts: [
      '| removed |',
      '| replaced |',
      '| kept |',
      '4 files, 3.11 MB: 1 uploaded (3 B), 1 replaced (1.30 MB), 2 kept (1.81 MB), 1 removed (15 B)',
    ],
    run: async ({ step }) => {
      const first = await step({ publish: 'true' }, { tag: 'v1.2.0' })
      const files = { 'data/gauge-perl.csv': Buffer.alloc(1_300_000, 'x'), 'data/new.csv': 'new' }
      const inputs = { 'deposit-id': idOf(first), publish: 'true', files: 'data/*.csv' }
      return step(inputs, { tag: 'v1.3.0', files })
    },
  },
  edit: {
    heading: 'Edit on Zenodo, not published',
    exitCode: 0,
    parts: ['The record is public as it was', '[Review the changes]('],
    run: async ({ step }) => {
      const first = await step({ publish: 'true' }, { tag: 'v1.2.0' })
      return step({
        'deposit-id': idOf(first),
        'if-published': 'update-metadata',
        metadata: 'title: Levels of the upper Mosel',
      })
    },
  },
  corrected: {
    heading: 'Corrected on Zenodo: the metadata of a published record',
    exitCode: 0,
    parts: ['Its files and its DOI are the same as before.', '4 kept (3.01 MB)'],
    run: async ({ step }) => {
      const first = await step({ publish: 'true' }, { tag: 'v1.2.0' })
      return step({
        'deposit-id': idOf(first),
        'if-published': 'update-metadata',
        metadata: 'title: Levels of the upper Mosel',
        publish: 'true',
      })
    },
  },
  'unchanged-without-files': {
    heading: 'Unchanged: already published',
    exitCode: 0,
    parts: [
      'this step names no files, so no new version was made',
      'Version v1.3.0 was not published',
    ],
    run: async ({ step }) => {
      const first = await step({ publish: 'true' }, { tag: 'v1.2.0' })
      const inputs = { 'deposit-id': idOf(first), publish: 'true', files: '' }
      return step(inputs, { tag: 'v1.3.0' })
    },
  },
  unchanged: {
    heading: 'Unchanged: already published',
    exitCode: 0,
    parts: ['no new version was made', '4 kept (3.01 MB)'],
    run: async ({ step }) => {
      await step({ publish: 'true' }, { tag: 'v1.2.0' })
      return step({ publish: 'true' }, { tag: 'v1.2.0' })
    },
  },
  'many-files': {
    heading: 'Draft on Zenodo, not published',
    exitCode: 0,
    parts: ['<details><summary>28 files, 3.02 MB: 28 uploaded (3.02 MB)</summary>'],
    run: ({ step }) => {
      const names = Array.from(
        { length: 24 },
        (_, n) => `data/part-${String(n).padStart(2, '0')}.csv`,
      )
      return step({}, { files: Object.fromEntries(names.map((name) => [name, `${name}\n`])) })
    },
  },
  'planned-new': {
    heading: 'Plan: nothing was written',
    exitCode: 0,
    parts: [
      'Would create a deposit, and leave it a draft at',
      'Without a token the server was not asked.',
      '| `gauge-perl.csv` | 1.20 MB | send |',
      '| `license` | cc-by-4.0 | .zenodo.json |',
      '| `version` | v1.2.0 | tag |',
    ],
    run: ({ step }) => step({ token: '', 'dry-run': 'true' }, { tag: 'v1.2.0' }),
  },
  'planned-changes': {
    heading: 'Plan: nothing was written',
    exitCode: 0,
    parts: [
      'Would continue draft {deposit-id}, and publish it at',
      '| `notes` | Not checked yet. | _removed_ |',
      '| `keywords` | hydrology; time series | hydrology |',
      '| `gauge-perl.csv` | 1.30 MB |  | replace |',
      '1 to remove (15 B)',
    ],
    run: async ({ step }) => {
      const first = await step({ metadata: 'notes: Not checked yet.' }, { tag: 'v1.2.0' })
      const metadata = 'title: River levels of the upper Mosel 2026, checked\nkeywords: [hydrology]'
      const inputs = { 'deposit-id': idOf(first), files: 'data/*.csv', metadata, publish: 'true' }
      const files = { 'data/gauge-perl.csv': Buffer.alloc(1_300_000, 'x'), 'data/new.csv': 'new' }
      return step({ ...inputs, 'dry-run': 'true' }, { tag: 'v1.2.0', files })
    },
  },
  unknown: {
    heading: 'Unknown: look at the deposit before doing anything else',
    exitCode: 1,
    parts: ['[Look at the deposit](', "deposit-id: '{deposit-id}'"],
    run: ({ zenodo, step }) => {
      const { promise: signalAfter, resolve } = Promise.withResolvers()
      const path = '/api/deposit/depositions/*/actions/publish'
      zenodo.fault({ method: 'POST', path, before: resolve, stallBeforeAnswer: true })
      return step({ publish: 'true' }, { tag: 'v1.2.0', signalAfter })
    },
  },
  'failed-inputs': {
    heading: 'Failed: nothing was written',
    exitCode: 1,
    parts: [
      '- `.zenodo.json:3` – upload',
      '- input `files` – data/empty.csv is empty',
      'Fix what is listed above',
    ],
    run: ({ step }) => {
      const metadata = { ...METADATA, upload_type: 'datset', license: 'cc-by-5.0' }
      const files = { '.zenodo.json': JSON.stringify(metadata, null, 2), 'data/empty.csv': '' }
      return step({ files: 'data/*\nresults/*.csv', publish: 'true' }, { files })
    },
  },
  'failed-with-draft': {
    heading: 'Failed: a draft, not published',
    exitCode: 1,
    parts: [
      'It stopped at “Uploading”.',
      '_Re-run jobs_ on this page continues with [draft {deposit-id}](',
    ],
    run: ({ zenodo, step }) => {
      const path = '/api/files/*/gauge-trier.csv'
      const answer = { status: 403, json: { message: 'Permission denied.', status: 403 } }
      zenodo.fault({ method: 'PUT', path, times: Infinity, answer })
      return step({ publish: 'true' })
    },
  },
  cancelled: {
    heading: 'Cancelled: a draft, not published',
    exitCode: 1,
    parts: ['The next run for the same tag continues with [draft {deposit-id}]('],
    run: ({ zenodo, step }) => {
      const path = '/api/files/*/gauge-trier.csv'
      zenodo.fault({ method: 'PUT', path, times: Infinity, stallAfterBytes: 1 })
      return step({}, { tag: 'v1.2.0', signalAfter: /to send/ })
    },
  },
}

/** Plays a story on a server and in a workspace of its own. */
export async function tellStory(
  { run }: SummaryStory,
  options: { readonly actionFolder?: string } = {},
): Promise<ActionResult & { readonly serverUrl: string; readonly token: string }> {
  await using zenodo = await startZenodo()
  await using workspace = await createWorkspace(FILES)
  const token = zenodo.tokens['alice'] ?? ''
  const step: Step = (inputs, { files = {}, tag, event, signalAfter } = {}) =>
    runAction({
      workspace: workspace.path,
      files,
      inputs: { token, 'server-url': zenodo.url, files: 'data/*', ...inputs },
      event: event ?? { name: 'push', ...(tag !== undefined && { ref: `refs/tags/${tag}` }) },
      ...(signalAfter !== undefined && { signalAfter }),
      ...options,
    })
  return { ...(await run({ zenodo, step })), serverUrl: zenodo.url, token }
}
