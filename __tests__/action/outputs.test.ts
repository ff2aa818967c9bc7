import { describe, expect, test } from '@jest/globals'
import { toDepositOutputs, toFileOutputs } from '../../src/action/outputs.ts'
import { readActionDefinition } from '../support/runner/action-definition.ts'
import { createDeposit } from './support/builders.ts'

const ORIGIN = 'https://zenodo.org'
const record = createDeposit({
  state: 'record',
  doi: '10.5281/zenodo.12',
  conceptDoi: '10.5281/zenodo.11',
})

describe('toDepositOutputs', () => {
  test('tells of a record all there is', () => {
    expect(toDepositOutputs(record, ORIGIN, { state: 'published', version: 'v1' })).toEqual({
      'deposit-id': '12',
      'concept-id': '11',
      doi: '10.5281/zenodo.12',
      'doi-url': 'https://doi.org/10.5281/zenodo.12',
      'concept-doi': '10.5281/zenodo.11',
      'record-url': 'https://zenodo.org/records/12',
      'bucket-url': 'https://zenodo.org/api/files/bucket',
      state: 'published',
      published: 'true',
      version: 'v1',
      'badge-url': 'https://zenodo.org/badge/DOI/10.5281/zenodo.11.svg',
      'badge-markdown':
        '[![DOI](https://zenodo.org/badge/DOI/10.5281/zenodo.11.svg)](https://doi.org/10.5281/zenodo.11)',
    })
  })

  test('guesses nothing about a draft without a DOI', () => {
    const outputs = toDepositOutputs(createDeposit(), ORIGIN, {
      state: 'draft',
      version: undefined,
    })

    expect(outputs).toMatchObject({
      doi: '',
      'doi-url': '',
      'concept-doi': '',
      'record-url': 'https://zenodo.org/deposit/12',
      published: 'false',
      version: '',
      'badge-url': '',
      'badge-markdown': '',
    })
  })

  test.each([
    ['of all versions, for the draft of a next one', '10.5281/zenodo.11', 'zenodo.11.svg'],
    ['of the version, before the first is published', undefined, 'zenodo.12.svg'],
  ])('shows the badge %s', (_, conceptDoi, picture) => {
    const draft = createDeposit({ doi: '10.5281/zenodo.12', conceptDoi })

    const outputs = toDepositOutputs(draft, ORIGIN, { state: 'draft', version: undefined })

    expect(outputs['badge-url']).toContain(picture)
  })

  test('says published of a record whose metadata is being edited', () => {
    const edit = createDeposit({ state: 'edit' })

    const outputs = toDepositOutputs(edit, ORIGIN, { state: 'draft', version: undefined })

    expect(outputs).toMatchObject({
      published: 'true',
      'record-url': 'https://zenodo.org/records/12',
    })
  })

  test.each([
    ['another origin', 'https://evil.example/api/files/b'],
    ['a host that begins alike', 'https://zenodo.org.evil.example/b'],
    ['nothing', undefined],
  ])('gives no bucket at %s', (_, bucketLink) => {
    const outputs = toDepositOutputs(createDeposit({ bucketLink }), ORIGIN, {
      state: 'draft',
      version: undefined,
    })

    expect(outputs['bucket-url']).toBe('')
  })

  test('gives only what action.yml declares', () => {
    const declared = Object.keys(readActionDefinition().outputs)
    const given = [
      ...Object.keys(toDepositOutputs(record, ORIGIN, { state: 'published', version: '' })),
      ...Object.keys(toFileOutputs([], record, ORIGIN)),
    ]

    expect(given.toSorted()).toEqual(declared.toSorted())
  })
})

describe('toFileOutputs', () => {
  const files = [
    { key: 'b', sizeBytes: 2, checksum: 'md5:b', action: 'kept' as const },
    { key: 'd e.csv', sizeBytes: 4, checksum: 'md5:d', action: 'uploaded' as const },
    { key: 'a', sizeBytes: 1, checksum: 'md5:a', action: 'replaced' as const },
    { key: 'c', sizeBytes: 3, checksum: 'md5:c', action: 'removed' as const },
  ]

  test('lists the files by key, with addresses that work', () => {
    const { files: list = '' } = toFileOutputs(files, record, ORIGIN)

    expect(JSON.parse(list)).toEqual([
      {
        key: 'a',
        size: 1,
        checksum: 'md5:a',
        action: 'replaced',
        url: 'https://zenodo.org/records/12/files/a',
      },
      {
        key: 'b',
        size: 2,
        checksum: 'md5:b',
        action: 'kept',
        url: 'https://zenodo.org/records/12/files/b',
      },
      { key: 'c', size: 3, checksum: 'md5:c', action: 'removed', url: '' },
      {
        key: 'd e.csv',
        size: 4,
        checksum: 'md5:d',
        action: 'uploaded',
        url: 'https://zenodo.org/records/12/files/d%20e.csv',
      },
    ])
  })

  test('counts replaced files as uploaded', () => {
    expect(toFileOutputs(files, record, ORIGIN)).toMatchObject({
      'uploaded-count': '2',
      'kept-count': '1',
      'removed-count': '1',
    })
  })

  test('gives the address of a draft’s file where only its owner finds it', () => {
    const { files: list } = toFileOutputs(files.slice(0, 1), createDeposit(), ORIGIN)

    expect(list).toContain('https://zenodo.org/api/records/12/draft/files/b/content')
  })

  test('gives no addresses where nothing is there yet', () => {
    const { files: list = '' } = toFileOutputs(files.slice(0, 1), undefined, ORIGIN)

    expect(JSON.parse(list)).toMatchObject([{ key: 'b', url: '' }])
  })

  test('is one line, whatever the keys', () => {
    const key = 'a\n::set-output name=doi::x\u2028'
    const { files: list = '' } = toFileOutputs(
      [{ key, sizeBytes: 1, checksum: '', action: 'kept' }],
      record,
      ORIGIN,
    )

    expect(list).not.toMatch(/[\r\n]/)
    expect(JSON.parse(list)).toMatchObject([{ key }])
  })
})
