import { describe, expect, test } from '@jest/globals'
import { decide, type Decision, type Situation } from '../../src/action/decide.ts'
import { createDeposit } from './support/builders.ts'

const draft = createDeposit({ id: '13' })
const latest = createDeposit({ id: '12', state: 'record', metadata: { version: 'v1' } })

/** A published deposit and other files than it has: the next version. */
const PUBLISHED: Situation = {
  target: { kind: 'published', named: latest, latest, pending: undefined },
  inputs: { ifPublished: 'new-version', ifUnchanged: 'skip', existingFiles: 'replace' },
  isNamed: true,
  publish: true,
  namesFiles: true,
  changedKeys: ['a.csv'],
  own: undefined,
  version: 'v2',
  versionFrom: 'tag',
  tag: 'v2',
  otherKeys: [],
  peak: { files: 1, bytes: 1000 },
}
const OWN = { version: latest, changedKeys: ['a.csv'], isFollowed: false }
const NEXT_DRAFT: Partial<Situation> = { target: { kind: 'draft', draft, latest } }
const FIRST_DRAFT: Partial<Situation> = { target: { kind: 'draft', draft, latest: undefined } }

const unless = (
  inputs: Partial<Situation['inputs']>,
  rest: Partial<Situation> = {},
): Partial<Situation> => ({ ...rest, inputs: { ...PUBLISHED.inputs, ...inputs } })

type Row = [string, Partial<Situation>, string]

/** The decision in a word, and of a refusal the input that is in the way. */
const inShort = (decision: Decision): string =>
  decision.kind === 'refuse' ? `refuse: ${decision.input}` : decision.kind

describe('decide', () => {
  test.each<Row>([
    ['nothing to continue', { target: { kind: 'none' } }, 'create'],
    [
      'nothing to continue, whatever else is said',
      unless({ ifPublished: 'error', existingFiles: 'error' }, { target: { kind: 'none' } }),
      'create',
    ],

    ['a first draft', FIRST_DRAFT, 'continue'],
    ['a first draft and no files', { ...FIRST_DRAFT, namesFiles: false }, 'continue'],
    ['a draft of the next version', NEXT_DRAFT, 'continue'],
    [
      'a draft of the next version, filled before, and no files',
      { ...NEXT_DRAFT, namesFiles: false },
      'continue',
    ],
    [
      'a draft of the next version that would equal the latest one',
      { ...NEXT_DRAFT, changedKeys: [] },
      'report',
    ],
    [
      'the same where a new version is wanted all the same',
      { ...unless({ ifUnchanged: 'publish' }), ...NEXT_DRAFT, changedKeys: [] },
      'continue',
    ],
    [
      'the same where that is an error',
      { ...unless({ ifUnchanged: 'error' }), ...NEXT_DRAFT, changedKeys: [] },
      'refuse: if-unchanged',
    ],
    [
      'a draft that would repeat a version with other files',
      { ...NEXT_DRAFT, version: 'v1' },
      'refuse: version',
    ],
    [
      'a draft with other files in it, which are an error',
      { ...unless({ existingFiles: 'error' }), ...FIRST_DRAFT, otherKeys: ['x'] },
      'refuse: existing-files',
    ],
    [
      'the same where no files were named, so that all stay',
      {
        ...unless({ existingFiles: 'error' }),
        ...FIRST_DRAFT,
        otherKeys: ['x'],
        namesFiles: false,
      },
      'continue',
    ],
    [
      'a draft with other files in it, which stay',
      { ...unless({ existingFiles: 'keep' }), ...FIRST_DRAFT, otherKeys: ['x'] },
      'continue',
    ],

    [
      'a draft that would hold too many files before others are removed',
      { ...FIRST_DRAFT, peak: { files: 101, bytes: 1000 } },
      'refuse: files',
    ],
    [
      'a draft that would hold too many bytes',
      { ...FIRST_DRAFT, peak: { files: 2, bytes: 50e9 + 1 } },
      'refuse: files',
    ],
    [
      'a draft that is full, where no files are named',
      { ...FIRST_DRAFT, peak: { files: 101, bytes: 1000 }, namesFiles: false },
      'continue',
    ],

    ['a published deposit and other files', {}, 'next-version'],
    [
      'a published deposit whose next version would hold too many',
      { peak: { files: 101, bytes: 1000 } },
      'refuse: files',
    ],
    ['a published deposit and other files, for a draft', { publish: false }, 'next-version'],
    ['metadata to update', unless({ ifPublished: 'update-metadata' }), 'edit'],
    [
      'metadata to update, whatever the files',
      unless({ ifPublished: 'update-metadata', ifUnchanged: 'error' }, { changedKeys: [] }),
      'edit',
    ],
    ['an error if published', unless({ ifPublished: 'error' }), 'refuse: if-published'],
    [
      'an error if published, but it has these files: an earlier run published it',
      unless({ ifPublished: 'error' }, { changedKeys: [] }),
      'report',
    ],
    ['the same files', { changedKeys: [] }, 'report'],
    ['the same files, for a draft', { changedKeys: [], publish: false }, 'report'],
    [
      'the same files, and another version of them wanted',
      unless({ ifUnchanged: 'publish' }, { changedKeys: [] }),
      'next-version',
    ],
    [
      'the same files, which an earlier run of this tag published so',
      unless({ ifUnchanged: 'publish' }, { changedKeys: [], own: { ...OWN, changedKeys: [] } }),
      'report',
    ],
    [
      'the same files, which is an error',
      unless({ ifUnchanged: 'error' }, { changedKeys: [] }),
      'refuse: if-unchanged',
    ],
    ['the same files and the same version', { changedKeys: [], version: 'v1' }, 'report'],
    ['other files and the same version', { version: 'v1' }, 'refuse: version'],
    [
      'other files and the same version, for a draft that a person looks at',
      { version: 'v1', publish: false },
      'next-version',
    ],
    ['other files and no version', { version: undefined }, 'next-version'],
    [
      'other files from a tag that was published already, under whatever version',
      { own: OWN },
      'refuse: files',
    ],
    [
      'other files from such a tag, for a draft that a person looks at',
      { own: OWN, publish: false },
      'next-version',
    ],
    [
      'other files from such a tag, for a draft of what nobody named',
      { own: OWN, publish: false, isNamed: false },
      'refuse: files',
    ],
    [
      'other files from such a tag, for a draft that another run has begun',
      {
        own: { ...OWN, isFollowed: true },
        publish: false,
        target: { kind: 'published', named: latest, latest, pending: draft },
      },
      'refuse: files',
    ],
    [
      'the same files as the latest version, while those of this tag were others',
      { own: OWN, changedKeys: [] },
      'report',
    ],
    [
      'what this tag has published, beside files that are an error now',
      { ...unless({ existingFiles: 'error' }), own: { ...OWN, changedKeys: [] }, otherKeys: ['x'] },
      'report',
    ],
    [
      'other files, and a draft that is there already',
      { target: { kind: 'published', named: latest, latest, pending: draft } },
      'next-version',
    ],
    [
      'files beside those named, which are an error',
      unless({ existingFiles: 'error' }, { otherKeys: ['x'] }),
      'refuse: existing-files',
    ],
    [
      'files beside those named, which are the same: an error still',
      unless({ existingFiles: 'error' }, { otherKeys: ['x'], changedKeys: [] }),
      'refuse: existing-files',
    ],
    [
      'files beside those named, which stay, so that nothing changes',
      unless({ existingFiles: 'keep' }, { otherKeys: ['x'], changedKeys: [] }),
      'report',
    ],

    ['no files, to publish what is published', { namesFiles: false, changedKeys: [] }, 'report'],
    [
      'no files, to publish a draft of the next version that holds others',
      { namesFiles: false, target: { kind: 'published', named: latest, latest, pending: draft } },
      'next-version',
    ],
    [
      'no files, to publish a draft that would repeat a version with other files',
      { ...NEXT_DRAFT, namesFiles: false, version: 'v1' },
      'refuse: version',
    ],
    [
      'no files, of which a new version is wanted',
      unless({ ifUnchanged: 'publish' }, { namesFiles: false }),
      'next-version',
    ],
    ['no files, for a draft', { namesFiles: false, publish: false }, 'next-version'],
    [
      'no files, after an earlier run of this tag published',
      { namesFiles: false, publish: false, own: OWN },
      'report',
    ],
  ])('for %s', (_, given, expected) => {
    expect(inShort(decide({ ...PUBLISHED, ...given }))).toBe(expected)
  })

  test('continues with the draft and the version it follows', () => {
    expect(decide({ ...PUBLISHED, ...NEXT_DRAFT })).toEqual({ kind: 'continue', draft, latest })
  })

  test('reports the version that is published', () => {
    expect(decide({ ...PUBLISHED, changedKeys: [] })).toEqual({
      kind: 'report',
      version: latest,
    })
  })

  test.each<[string, Partial<Situation>, RegExp]>([
    ['version', { version: 'v1' }, /^Version v1 is published already, as record 12, .*\(a\.csv\)/],
    [
      'version of a file that was not raised',
      { version: 'v1', versionFrom: 'CITATION.cff' },
      /it is the one in CITATION\.cff, while the tag is v2\. Write the new one there/,
    ],
    ['tag', { own: OWN }, /^Tag v2 is published already.* a new tag/],
    ['run', { own: OWN, tag: undefined }, /^The result of this run is published already/],
  ])('names the %s that is published already, and what differs', (_, given, problem) => {
    expect(decide({ ...PUBLISHED, ...given })).toMatchObject({
      problem: expect.stringMatching(problem),
    })
  })

  test('names the keys that are in the way, ten of them, made harmless', () => {
    const otherKeys = ['a\n::error::b', ...Array.from({ length: 11 }, (_, n) => `f${n}`)]

    const decision = decide({ ...PUBLISHED, ...unless({ existingFiles: 'error' }), otherKeys })

    expect(decision).toMatchObject({
      problem: expect.stringContaining(
        'a\\n::error::b, f0, f1, f2, f3, f4, f5, f6, f7, f8, …. Set existing-files',
      ),
    })
  })
})
