import { describe, expect, test } from '@jest/globals'
import { withDefaults } from '../../src/metadata/defaults.ts'
import { TODAY } from './support.ts'

const MARK = 'https://github.com/x/y/tree/v1'
const add = (metadata: object, mark: string | undefined = MARK) =>
  withDefaults({ ...metadata }, { today: TODAY, mark })

describe('withDefaults', () => {
  test('adds the day of UTC and the mark', () => {
    const late = new Date('2026-11-22T23:59:59-05:00')

    expect(withDefaults({}, { today: late, mark: MARK })).toEqual({
      publication_date: '2026-11-23',
      related_identifiers: [{ identifier: MARK, relation: 'isSupplementTo' }],
    })
  })

  test.each(['dataset', 'software', 'publication', 'publication-article'])(
    'gives the mark the type %s of the deposit',
    (type) => {
      expect(add({ upload_type: type })['related_identifiers']).toEqual([
        { identifier: MARK, relation: 'isSupplementTo', resource_type: type },
      ])
    },
  )

  test('leaves a type out that Zenodo does not know', () => {
    expect(add({ upload_type: 'code' })['related_identifiers']).toEqual([
      { identifier: MARK, relation: 'isSupplementTo' },
    ])
  })

  test('keeps what is given', () => {
    const given = {
      publication_date: '2020',
      related_identifiers: [{ identifier: MARK, relation: 'isSupplementTo' }],
    }

    expect(add(given)).toEqual(given)
  })

  test('adds the mark to other links', () => {
    const link = { identifier: '10.1234/x', relation: 'cites' }

    expect(add({ related_identifiers: [link] })['related_identifiers']).toEqual([
      link,
      { identifier: MARK, relation: 'isSupplementTo' },
    ])
  })

  test.each([
    ['no mark', { related_identifiers: undefined }, undefined],
    ['links that are no list', { related_identifiers: '10.1234/x' }, MARK],
  ])('invents nothing for %s', (_, metadata, mark) => {
    const filled = withDefaults(metadata, { today: TODAY, mark })

    expect(filled).toEqual({ ...metadata, publication_date: '2026-11-22' })
  })
})
