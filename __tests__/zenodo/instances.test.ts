import { describe, expect, test } from '@jest/globals'
import { findOwner, isDoiOfInstance, prefixOf } from '../../src/zenodo/instances.ts'

describe('isDoiOfInstance', () => {
  test.each([
    ['10.5281/zenodo.1', 'https://zenodo.org', true],
    ['10.5072/zenodo.1', 'https://zenodo.org', false],
    ['10.5072/zenodo.1', 'https://sandbox.zenodo.org', true],
    ['10.5281/other.1', 'https://zenodo.org', false],
    ['10.1234/zenodo.1', 'https://zenodo.example', true],
    ['10.1234/other', 'https://zenodo.example', false],
  ])('judges %s at %s', (doi, origin, verdict) => {
    expect(isDoiOfInstance(doi, origin)).toBe(verdict)
  })
})

describe('findOwner', () => {
  test.each([
    ['a DOI of production', '10.5281/zenodo.1', 'https://zenodo.org'],
    ['a DOI of the sandbox', '10.5072/zenodo.1', 'https://sandbox.zenodo.org'],
    ['a DOI of elsewhere', '10.1234/zenodo.1', undefined],
    ['a longer prefix', '10.52811/a', undefined],
  ])('of %s', (_, doi, origin) => {
    expect(findOwner(doi)).toBe(origin)
  })

  test('is the instance that has the prefix', () => {
    expect(prefixOf(findOwner('10.5072/zenodo.1') ?? '')).toBe('10.5072')
  })
})
