import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ProtocolError } from '../../src/errors.ts'
import { parseDeposit } from '../../src/zenodo/deposit.ts'

const LINE = 'GET /api/deposit/depositions/1001'

/** A draft as the server shows it. */
const DRAFT = {
  created: '2026-08-20T10:00:00.000000+00:00',
  modified: '2026-08-20T10:00:01.000000+00:00',
  id: 1001,
  conceptrecid: '1000',
  metadata: { title: 'Data', prereserve_doi: { doi: '10.5281/zenodo.1001', recid: 1001 } },
  title: 'Data',
  links: { bucket: 'https://zenodo.org/api/files/0c1b', self: 'https://zenodo.org/api/x' },
  record_id: 1001,
  owner: 42,
  files: [{ id: 'f1', filename: 'data.zip', filesize: 12, checksum: 'a'.repeat(32), links: {} }],
  state: 'unsubmitted',
  submitted: false,
}

describe('parseDeposit', () => {
  test('reads a draft', () => {
    expect(parseDeposit(DRAFT, LINE)).toEqual({
      id: '1001',
      conceptId: '1000',
      state: 'draft',
      doi: undefined,
      conceptDoi: undefined,
      metadata: DRAFT.metadata,
      files: [{ id: 'f1', key: 'data.zip', sizeBytes: 12, checksum: `md5:${'a'.repeat(32)}` }],
      bucketLink: 'https://zenodo.org/api/files/0c1b',
      created: DRAFT.created,
    })
  })

  test('takes no DOI for reserved that is only foretold', () => {
    expect(parseDeposit(DRAFT, LINE).doi).toBeUndefined()
  })

  test.each([
    ['a draft that was never published', { state: 'unsubmitted', submitted: false }, 'draft'],
    ['a record whose metadata is being edited', { state: 'inprogress', submitted: true }, 'edit'],
    ['a record', { state: 'done', submitted: true }, 'record'],
    ['a published one that says it is not', { state: 'unsubmitted', submitted: true }, 'edit'],
  ])('knows %s', (_, json, state) => {
    expect(parseDeposit({ ...DRAFT, ...json }, LINE).state).toBe(state)
  })

  test.each([
    ['an id as text', { id: '1001' }, { id: '1001' }],
    ['a concept id as a number', { conceptrecid: 1000 }, { conceptId: '1000' }],
    ['an id of letters, as other instances have', { id: 'ab1-cd2' }, { id: 'ab1-cd2' }],
    ['a reserved DOI', { doi: '10.5281/zenodo.1001' }, { doi: '10.5281/zenodo.1001' }],
    ['a DOI from elsewhere', { doi: '10.1002/(SICI)1;2-3' }, { doi: '10.1002/(SICI)1;2-3' }],
    [
      'a DOI of the odd old kind',
      { doi: '10.1002/(SICI)1<1::A>3' },
      { doi: '10.1002/(SICI)1<1::A>3' },
    ],
    ['a concept DOI', { conceptdoi: '10.5281/zenodo.1' }, { conceptDoi: '10.5281/zenodo.1' }],
    ['an item of a list, without bucket', { links: {} }, { bucketLink: undefined }],
    ['no files', { files: undefined }, { files: [] }],
    ['no metadata', { metadata: null }, { metadata: {} }],
    ['an empty DOI, which is none', { doi: '' }, { doi: undefined }],
  ])('reads %s', (_, json, expected) => {
    expect(parseDeposit({ ...DRAFT, ...json }, LINE)).toMatchObject(expected)
  })

  test.each([
    ['breaks out of a link', '10.5281/x) ![](https://evil.example'],
    ['holds a line break', '10.5281/x\n::error::y'],
    ['hides something', '10.5281/\u202ex'],
    ['has nothing behind its prefix', '10.5281/'],
    ['is an address', 'https://evil.example/10.5281/x'],
    ['is a list', ['10.5281/zenodo.1']],
  ])('leaves out a DOI that %s', (_, doi) => {
    expect(parseDeposit({ ...DRAFT, doi, conceptdoi: doi }, LINE)).toMatchObject({
      doi: undefined,
      conceptDoi: undefined,
    })
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'ok'],
    ['a list', [DRAFT]],
    ['an empty object', {}],
    ['no id', { ...DRAFT, id: undefined }],
    ['an empty id', { ...DRAFT, id: '' }],
    ['an id that climbs', { ...DRAFT, id: '../../../oauth' }],
    ['an id with a query', { ...DRAFT, id: '1?x' }],
    ['an id that is an object', { ...DRAFT, id: { toString: '1' } }],
    ['an id that is no number', { ...DRAFT, id: 1.5 }],
    ['no concept id', { ...DRAFT, conceptrecid: null }],
    ['a concept id that is a query', { ...DRAFT, conceptrecid: '1 OR 2' }],
    ['no state', { ...DRAFT, state: undefined }],
    ['an unknown state', { ...DRAFT, state: 'error' }],
    ['a state that every object has', { ...DRAFT, state: 'constructor' }],
    ['a state that is a list', { ...DRAFT, state: ['done'] }],
  ])('refuses %s', (_, json) => {
    const parse = (): unknown => parseDeposit(json, LINE)

    expect(parse).toThrow(ProtocolError)
    expect(parse).toThrow(`The server answered ${LINE} with something that is no deposit.`)
  })

  test('gives a deposit or a ProtocolError, whatever the server says', () => {
    const mixed = fc.record(
      Object.fromEntries(
        Object.entries(DRAFT).map(([field, value]) => [
          field,
          fc.oneof(fc.constant(value as unknown), fc.jsonValue()),
        ]),
      ),
    )
    fc.assert(
      fc.property(fc.oneof(mixed, fc.jsonValue()), (json) => {
        try {
          const { id, conceptId, state } = parseDeposit(json, LINE)

          expect(`${id} ${conceptId} ${state}`).toMatch(/^[\w-]+ [\w-]+ (draft|edit|record)$/)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
    )
  })
})
