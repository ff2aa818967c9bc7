import { describe, expect, test } from '@jest/globals'
import { idInRecordLink, parseRecord } from '../../src/zenodo/record.ts'

describe('parseRecord', () => {
  test('reads a record as anybody sees it', () => {
    const record = parseRecord({
      id: 1001,
      conceptrecid: '1000',
      doi: '10.5281/zenodo.1001',
      conceptdoi: '10.5281/zenodo.1000',
      files: [{ id: 'f', key: 'a.csv', size: 3, checksum: 'md5:abc', links: {} }],
    })

    expect(record).toEqual({
      id: '1001',
      conceptId: '1000',
      doi: '10.5281/zenodo.1001',
      conceptDoi: '10.5281/zenodo.1000',
      files: [{ id: 'f', key: 'a.csv', sizeBytes: 3, checksum: 'md5:abc' }],
    })
  })

  test('reads a record whose files are not public', () => {
    expect(parseRecord({ id: 1, conceptrecid: '0' })).toMatchObject({ files: [] })
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a page', '<html>'],
    ['a list', [{ id: 1, conceptrecid: '0' }]],
    ['no id', { conceptrecid: '0' }],
    ['no concept', { id: 1 }],
    ['InvenioRDM’s own form, which was not asked for', { id: 'abc', parent: { id: 'def' } }],
  ])('finds no record in %s', (_, json) => {
    expect(parseRecord(json)).toBeUndefined()
  })
})

describe('idInRecordLink', () => {
  test.each([
    ['an address of the API', '/api/records/123', '123'],
    ['an address with more behind it', '/api/records/123/draft', '123'],
    ['an address with a query', '/api/records/123?x=1', '123'],
    ['an address with a fragment', '/records/123#files', '123'],
    ['a page', 'https://zenodo.org/records/123', '123'],
    ['no id', '/api/records/', undefined],
    ['something else', '/login?next=records', undefined],
    ['an id that breaks off', '/api/records/12%2F3', undefined],
  ])('reads %s', (_, link, id) => {
    expect(idInRecordLink(link)).toBe(id)
  })
})
