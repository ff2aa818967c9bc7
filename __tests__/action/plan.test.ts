import { describe, expect, test } from '@jest/globals'
import {
  findChangedKeys,
  findComparable,
  findMismatch,
  makePlan,
  takeCopiesFirst,
  type ExistingFiles,
  type KnownChecksum,
  type Plan,
} from '../../src/action/plan.ts'
import { createLocalFile, createStoredFile } from './support/builders.ts'

const same = createLocalFile('same')
const changed = createLocalFile('changed')
const longer = createLocalFile('longer', { sizeBytes: 99 })
const fresh = createLocalFile('fresh')
const LOCAL = [same, changed, longer, fresh]
const STORED = [
  createStoredFile('same'),
  createStoredFile('changed'),
  createStoredFile('longer'),
  createStoredFile('other'),
]

const checksumOf: KnownChecksum = ({ key }) =>
  key === 'same' ? 'md5:same' : key === 'changed' ? 'md5:new bytes' : undefined

/** The keys of each part. */
const keysOf = (plan: Plan): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(plan).map(([part, files]: [string, readonly { key: string }[]]) => [
      part,
      files.map(({ key }) => key),
    ]),
  )

const planFor = (existingFiles: ExistingFiles): Plan =>
  makePlan(LOCAL, STORED, { existingFiles, checksumOf })

describe('findComparable', () => {
  test('finds the files whose key and size are there already, and no others', () => {
    expect(findComparable(LOCAL, STORED)).toEqual([same, changed])
  })
})

describe('makePlan', () => {
  test.each<[ExistingFiles, string[], string[]]>([
    ['replace', ['other'], []],
    ['keep', [], ['other']],
    ['error', [], ['other']],
  ])('for existing-files: %s sends what differs and decides about the rest', (way, out, left) => {
    expect(keysOf(planFor(way))).toEqual({
      additions: ['fresh'],
      replacements: ['changed', 'longer'],
      kept: ['same'],
      removals: out,
      others: left,
    })
  })

  test('takes a file of which no checksum is known for another one', () => {
    const plan = makePlan([same], STORED, { existingFiles: 'keep', checksumOf: () => undefined })

    expect(plan.replacements).toEqual([same])
    expect(plan.kept).toEqual([])
  })

  test('is all additions for an empty draft', () => {
    const plan = makePlan(LOCAL, [], { existingFiles: 'replace', checksumOf })

    expect(keysOf(plan)).toMatchObject({ additions: LOCAL.map(({ key }) => key), removals: [] })
  })

  test('is all removals when nothing is wanted', () => {
    const plan = makePlan([], STORED, { existingFiles: 'replace', checksumOf })

    expect(keysOf(plan)).toMatchObject({ removals: STORED.map(({ key }) => key), additions: [] })
  })

  test.each([['constructor'], ['__proto__'], ['a B']])('treats the key %s as any other', (key) => {
    const plan = makePlan([createLocalFile(key)], [], { existingFiles: 'replace', checksumOf })

    expect(keysOf(plan)).toMatchObject({ additions: [key], kept: [] })
  })
})

describe('takeCopiesFirst', () => {
  const plan = planFor('replace')

  test('takes out what the version before keeps, so that what replaces it is new', () => {
    const { copies, rest } = takeCopiesFirst(plan, STORED, STORED)

    expect(copies.map(({ key }) => key)).toEqual(['changed', 'longer'])
    expect(keysOf(rest)).toEqual({
      additions: ['fresh', 'changed', 'longer'],
      replacements: [],
      kept: ['same'],
      removals: ['other'],
      others: [],
    })
  })

  test.each([
    ['files', Array.from({ length: 96 }, (_, n) => createStoredFile(`more${n}`))],
    ['bytes', [createStoredFile('huge', { sizeBytes: 50e9 })]],
  ])('takes out what is not wanted too where the draft has no room for more %s', (_, more) => {
    const stored = [...STORED, ...more]
    const full = makePlan(LOCAL, stored, { existingFiles: 'replace', checksumOf })

    const { copies, rest } = takeCopiesFirst(full, stored, STORED)

    expect(copies.map(({ key }) => key)).toEqual(['other', 'changed', 'longer'])
    expect(rest.removals.map(({ key }) => key)).toEqual(more.map(({ key }) => key))
  })

  test.each([
    ['there is no version before', []],
    ['the version before has other bytes', [createStoredFile('other', { checksum: 'md5:x' })]],
    ['the version before has other names', [createStoredFile('else')]],
  ])('takes out nothing where %s', (_, originals) => {
    const { copies, rest } = takeCopiesFirst(plan, STORED, originals)

    expect(copies).toEqual([])
    expect(rest).toEqual(plan)
  })
})

describe('findChangedKeys', () => {
  test.each<[string, Partial<Plan>, readonly string[]]>([
    ['files that are there already', { kept: [createStoredFile('same')] }, []],
    ['files that are left alone', { others: [createStoredFile('other')] }, []],
    ['a new file', { additions: [fresh] }, [fresh.key]],
    ['other bytes', { replacements: [changed] }, [changed.key]],
    ['a file that goes', { removals: [createStoredFile('other')] }, ['other']],
  ])('judges %s', (_, part, keys) => {
    const nothing: Plan = { additions: [], replacements: [], kept: [], removals: [], others: [] }

    expect(findChangedKeys({ ...nothing, ...part })).toEqual(keys)
  })
})

describe('findMismatch', () => {
  const plan = planFor('replace')
  const asPlanned = [
    createStoredFile('same'),
    createStoredFile('changed', { checksum: 'md5:new bytes' }),
    createStoredFile('longer', { sizeBytes: 99 }),
    createStoredFile('fresh'),
  ]

  test('finds nothing in a draft that is as planned', () => {
    expect(findMismatch(plan, asPlanned, checksumOf)).toEqual({
      missing: [],
      unexpected: [],
      different: [],
    })
  })

  test.each([
    ['lost', asPlanned.slice(1), { missing: ['same'] }],
    ['not removed', [...asPlanned, createStoredFile('other')], { unexpected: ['other'] }],
    ['added by somebody else', [...asPlanned, createStoredFile('new')], { unexpected: ['new'] }],
    [
      'replaced by other bytes of the same size',
      [createStoredFile('same', { checksum: 'md5:x' }), ...asPlanned.slice(1)],
      { different: ['same'] },
    ],
    [
      'cut short',
      [...asPlanned.slice(0, 3), createStoredFile('fresh', { sizeBytes: 9 })],
      { different: ['fresh'] },
    ],
    [
      'sent and stored wrong',
      [...asPlanned.slice(0, 1), createStoredFile('changed'), ...asPlanned.slice(2)],
      { different: ['changed'] },
    ],
  ])('finds a file that was %s', (_, stored, found) => {
    expect(findMismatch(plan, stored, checksumOf)).toEqual({
      missing: [],
      unexpected: [],
      different: [],
      ...found,
    })
  })

  test.each([
    ['stays', [createStoredFile('other')]],
    ['changes', [createStoredFile('other', { checksum: 'md5:x' })]],
    ['goes', []],
  ])('does not mind when a file that was left alone %s', (_, others) => {
    const mismatch = findMismatch(planFor('keep'), [...asPlanned, ...others], checksumOf)

    expect(mismatch).toEqual({ missing: [], unexpected: [], different: [] })
  })
})
