import { describe, expect, test } from '@jest/globals'
import { asId, asList, asObject, asText, isObject } from '../../src/lib/json.ts'

const NOTHING: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
]

describe('isObject', () => {
  test.each<[string, unknown, boolean]>([
    ['an object', { a: 1 }, true],
    ['an empty object', {}, true],
    ['a list', [1], false],
    ['null', null, false],
    ['text', 'a', false],
  ])('judges %s', (_, value, verdict) => {
    expect(isObject(value)).toBe(verdict)
  })
})

describe('asObject', () => {
  test('gives the object itself', () => {
    const object = { a: 1 }

    expect(asObject(object)).toBe(object)
  })

  test.each<[string, unknown]>([...NOTHING, ['a list', [{ a: 1 }]], ['text', '{}']])(
    'gives an empty object for %s',
    (_, value) => {
      expect(asObject(value)).toEqual({})
    },
  )
})

describe('asList', () => {
  test('gives the list itself', () => {
    const list = [1, null]

    expect(asList(list)).toBe(list)
  })

  test.each<[string, unknown]>([...NOTHING, ['an object', { length: 1 }], ['text', 'abc']])(
    'gives an empty list for %s',
    (_, value) => {
      expect(asList(value)).toEqual([])
    },
  )
})

describe('asText', () => {
  test.each<[string, unknown, string | undefined]>([
    ['text', ' a ', ' a '],
    ['empty text', '', undefined],
    ['a number', 0, undefined],
    ['null', null, undefined],
  ])('judges %s', (_, value, text) => {
    expect(asText(value)).toBe(text)
  })
})

describe('asId', () => {
  test.each<[string, unknown, string | undefined]>([
    ['a number', 1001, '1001'],
    ['a number as text', '1000', '1000'],
    ['empty text', '', undefined],
    ['an object', { id: 1 }, undefined],
    ['true', true, undefined],
  ])('judges %s', (_, value, id) => {
    expect(asId(value)).toBe(id)
  })
})
