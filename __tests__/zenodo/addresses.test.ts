import { describe, expect, test } from '@jest/globals'
import { doiUrl, pageOf } from '../../src/zenodo/addresses.ts'

const ORIGIN = 'https://zenodo.org'

describe('doiUrl', () => {
  test.each([
    ['one of Zenodo’s', '10.5281/zenodo.1', 'https://doi.org/10.5281/zenodo.1'],
    ['one with slashes', '10.1234/a/b', 'https://doi.org/10.1234/a/b'],
    [
      'one with brackets, which would end a link in Markdown',
      '10.1002/(SICI)1<2>3#4?5',
      'https://doi.org/10.1002/%28SICI%291%3C2%3E3%234%3F5',
    ],
  ])('is an address for %s', (_, doi, url) => {
    expect(doiUrl(doi)).toBe(url)
  })
})

describe('pageOf', () => {
  test.each([
    ['draft', 'https://zenodo.org/deposit/12'],
    ['edit', 'https://zenodo.org/records/12'],
    ['record', 'https://zenodo.org/records/12'],
  ] as const)('is for a deposit in state %s the page a person finds', (state, page) => {
    expect(pageOf({ id: '12', state }, ORIGIN)).toBe(page)
  })
})
