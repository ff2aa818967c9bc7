import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { withDefaults } from '../../src/metadata/defaults.ts'
import { findLost } from '../../src/metadata/echo.ts'
import { fromInlineText } from '../../src/metadata/from-zenodo-json.ts'
import type { Metadata, Path } from '../../src/metadata/metadata.ts'
import { applyToNative, fromRehearsal, toLegacyField } from '../../src/metadata/native.ts'
import { parseText } from '../../src/metadata/parse-text.ts'
import { readSource } from '../../src/metadata/read-source.ts'
import { FIELDS } from '../../src/metadata/schema-problems.ts'
import { validate } from '../../src/metadata/validate.ts'
import { LICENSES, UPLOAD_TYPES } from '../../src/metadata/vocabularies.ts'
import { CONTEXT, TODAY } from './support.ts'

const FILES = ['.zenodo.json', 'CITATION.cff', 'codemeta.json', 'metadata.yml', 'metadata']

/** Metadata with the right fields and anything in them, as JSON makes it. */
const strangeMetadata = fc
  .dictionary(
    fc.oneof(fc.constantFrom(...FIELDS), fc.string()),
    fc.oneof(
      fc.jsonValue(),
      fc.array(fc.dictionary(strangeKey(), fc.jsonValue()), { maxLength: 3 }),
    ),
    { maxKeys: 8 },
  )
  .map((metadata) => JSON.parse(JSON.stringify(metadata)) as Metadata)

function strangeKey() {
  return fc.oneof(
    fc.constantFrom(
      'name',
      'type',
      'orcid',
      'gnd',
      'id',
      'identifier',
      'relation',
      'start',
      'place',
    ),
    fc.constantFrom('lat', 'lon', 'end', 'affiliation', 'affiliations', '__proto__', 'constructor'),
  )
}

/** Metadata that publishes. */
const goodMetadata = fc.record(
  {
    title: fc.string({ minLength: 3 }).map((text) => `abc ${text}`),
    upload_type: fc.constantFrom(...UPLOAD_TYPES),
    creators: fc.array(
      fc.record({ name: word().map((text) => `Doe, ${text}`), affiliation: word() }),
      { minLength: 1, maxLength: 4 },
    ),
    license: fc.constantFrom(...LICENSES.keys()),
    keywords: fc.array(word(), { maxLength: 4 }),
    version: fc.stringMatching(/^[0-9a-z.]{1,20}$/),
    publication_date: fc
      .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    description: word().map((text) => `<p>${text}</p>`),
    related_identifiers: fc.array(
      fc.record({
        identifier: word().map((text) => `10.1234/${text}`),
        relation: fc.constant('cites'),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['title', 'upload_type', 'creators'] },
) as fc.Arbitrary<Metadata>

function word() {
  return fc.stringMatching(/^[a-zA-Z]{3,12}$/)
}

describe('whatever is read', () => {
  test('no text crashes a reader', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.constantFrom(...FILES),
        (text, file) => {
          const { metadata, findings } = readSource(text, file)

          expect(metadata !== undefined || findings.length > 0).toBe(true)
        },
      ),
    )
  })

  test('no document crashes a reader or the validator', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(...FILES), (value, file) => {
        const { metadata = {} } = readSource(JSON.stringify(value), file)

        expect(Array.isArray(validate(metadata, 'whole', CONTEXT))).toBe(true)
      }),
    )
  })

  test('no metadata crash the validator, the defaults, the comparison or the native form', () => {
    fc.assert(
      fc.property(strangeMetadata, strangeMetadata, (one, other) => {
        validate(one, 'whole', CONTEXT)
        withDefaults(one, { today: TODAY, mark: 'https://github.com/x/y/tree/v1' })
        findLost(one, other)
        applyToNative(other, one)
        applyToNative({ metadata: other, access: other, custom_fields: other }, one)
      }),
      { numRuns: 1000, examples: [[{ doi: [{ toString: 0 }] }, {}]] },
    )
  })

  test('no field of a server message crashes the translation', () => {
    const field = fc
      .array(
        fc.oneof(
          fc.constantFrom('metadata', 'creators', 'contributors', '0', 'person_or_org'),
          fc.string(),
        ),
      )
      .map((steps) => steps.join('.'))

    fc.assert(
      fc.property(field, strangeMetadata, (name, sent) => {
        expect(typeof toLegacyField(name, sent)).toBe('string')
        fromRehearsal([{ field: name, messages: ['x'] }], sent)
      }),
    )
  })
})

describe('good metadata', () => {
  test('have nothing wrong with them', () => {
    fc.assert(
      fc.property(goodMetadata, (metadata) => {
        expect(validate(metadata, 'whole', CONTEXT)).toEqual([])
      }),
    )
  })

  test('pass through every reader unchanged', () => {
    fc.assert(
      fc.property(goodMetadata, fc.constantFrom(0, 2, '\t'), (metadata, indent) => {
        const text = JSON.stringify(metadata, null, indent)

        expect(readSource(text, '.zenodo.json').metadata).toEqual(metadata)
        expect(readSource(JSON.stringify({ metadata }), '.zenodo.json').metadata).toBeDefined()
        expect(fromInlineText(text).metadata).toEqual(metadata)
      }),
    )
  })

  test('are the same as their echo', () => {
    fc.assert(
      fc.property(goodMetadata, (metadata) => {
        expect(findLost(metadata, metadata)).toEqual([])
      }),
    )
  })
})

describe('positions', () => {
  test('point at the values', () => {
    fc.assert(
      fc.property(
        fc.dictionary(word(), fc.jsonValue({ maxDepth: 3 })),
        fc.constantFrom(0, 1, 2, '\t'),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent)
          const { spotOf, problems } = parseText(text, 'json')

          expect(problems).toEqual([])
          for (const [path, leaf] of leavesOf(value, [])) {
            const { line, column } = spotOf(path)
            const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1)
            expect(rest.startsWith(JSON.stringify(leaf))).toBe(true)
          }
        },
      ),
    )
  })
})

/** The values that hold no others, with their paths. */
function leavesOf(value: unknown, path: Path): readonly (readonly [Path, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, member]) =>
    leavesOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}
