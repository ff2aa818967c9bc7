import { describe, expect, test } from '@jest/globals'
import { idInRecordLink, isRecord } from '../../src/zenodo/record.ts'

describe('isRecord', () => {
  test.each<[string, unknown, boolean]>([
    ['a record as anybody sees it', { id: 1001, conceptrecid: '1000', files: [] }, true],
    ['nothing', undefined, false],
    ['a page', '<html>', false],
    ['a list', [{ id: 1, conceptrecid: '0' }], false],
    ['no id', { conceptrecid: '0' }, false],
    ['no concept', { id: 1 }, false],
    ['InvenioRDM’s own form, which was not asked for', { id: 'abc', parent: { id: 'x' } }, false],
  ])('of %s', (_, json, expected) => {
    expect(isRecord(json)).toBe(expected)
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
