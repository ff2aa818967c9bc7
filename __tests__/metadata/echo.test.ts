import { describe, expect, test } from '@jest/globals'
import { findLost } from '../../src/metadata/echo.ts'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { RECORDINGS, toEcho, toMetadata } from './recordings.ts'

const harmless = RECORDINGS.filter(
  ({ verdict, echo }) => (verdict === 'ok' || verdict === 'altered') && echo !== null,
)

describe('findLost', () => {
  test('finds nothing in the answers that kept everything', () => {
    const alarms = harmless.flatMap((recording) =>
      findLost(toMetadata(recording), toEcho(recording)).map((lost) => ({
        name: recording.name,
        lost,
      })),
    )

    expect(harmless.length).toBeGreaterThan(500)
    expect(alarms).toEqual([])
  })

  test.each<[string, Metadata, Metadata, string]>([
    ['a missing text', { version: 'x'.repeat(192) }, {}, 'version'],
    ['a text that was cut', { title: 'One and two' }, { title: 'One' }, 'title'],
    ['an emptied list', { keywords: [1] }, {}, 'keywords.0'],
    ['one keyword of two', { keywords: ['a', 'b'] }, { keywords: ['a'] }, 'keywords.1'],
    ['one of two equal keywords', { keywords: ['a', 'a'] }, { keywords: ['a'] }, 'keywords.1'],
    ['letters instead of keywords', { keywords: 'ab' }, { keywords: ['a', 'b'] }, 'keywords'],
    [
      'a person without a name',
      { creators: [{ name: 'A' }] },
      { creators: [{}] },
      'creators.0.name',
    ],
    [
      'a person under another name',
      { creators: [{ name: 'Doe, Jane' }] },
      { creators: [{ name: 'Roe, Jane' }] },
      'creators.0.name',
    ],
    [
      'an affiliation',
      { creators: [{ name: 'A', affiliation: 5 }] },
      { creators: [{ name: 'A', affiliation: null }] },
      'creators.0.affiliation',
    ],
    [
      'a person',
      { creators: [{ name: 'A' }, { name: 'B' }] },
      { creators: [{ name: 'A' }] },
      'creators.1',
    ],
    [
      'the role of a contributor',
      { contributors: [{ name: 'A', type: 'Editor' }] },
      { contributors: [{ name: 'A', type: null }] },
      'contributors.0.type',
    ],
    [
      'words that look like tags',
      { description: 'List<String> x' },
      { description: 'List x' },
      'description',
    ],
    ['a picture', { description: '<img src="a">text' }, { description: 'text' }, 'description'],
    ['the other licence', { license: 'mit' }, { license: 'cc-zero' }, 'license'],
    ['an open record', { access_right: 'embargoed' }, { access_right: 'open' }, 'access_right'],
    [
      'another type',
      { upload_type: 'publication', publication_type: 'book' },
      { upload_type: 'publication' },
      'upload_type',
    ],
    ['an unknown field', { licence: 'MIT' }, {}, 'licence'],
    ['a custom field', { custom: { 'foo:bar': 1 } }, {}, 'custom.foo:bar'],
    [
      'a coordinate',
      { locations: [{ place: 'x', lat: 0, lon: 5 }] },
      { locations: [{ place: 'x' }] },
      'locations.0.lon',
    ],
    [
      'a link',
      { related_identifiers: [{ identifier: '10.1/a', relation: 'cites' }] },
      {},
      'related_identifiers.0',
    ],
    ['a community', { communities: [{ identifier: 'eu' }] }, {}, 'communities.0'],
    [
      'a grant',
      { grants: [{ id: '283595' }] },
      { grants: [{ id: '10.13039/501100000780::1' }] },
      'grants.0',
    ],
    ['a subject', { subjects: [{ term: 'a' }] }, { subjects: [{}] }, 'subjects.0.term'],
    ['a date', { dates: [{ type: 'Valid', start: '2020' }] }, {}, 'dates.0'],
    ['a language', { language: 'xx' }, {}, 'language'],
  ])('finds %s', (_, sent, echo, field) => {
    const lost = findLost(sent, echo)

    expect(lost.map((one) => one.field)).toEqual([field])
    expect(lost[0]?.problem).toMatch(/^the server (did not keep|made|cannot have kept) /)
  })

  test.each<[string, Metadata, Metadata]>([
    [
      'supervisors among the contributors',
      { thesis_supervisors: [{ name: 'S' }], contributors: [{ name: 'C', type: 'Editor' }] },
      {
        contributors: [
          { name: 'S', type: 'Supervisor' },
          { name: 'C', type: 'Editor' },
        ],
      },
    ],
    [
      'a subtype apart',
      { upload_type: 'publication-article' },
      { upload_type: 'publication', publication_type: 'article' },
    ],
    ['links in another order', twoLinks('10.1/a', '10.1/b'), twoLinks('10.1/b', '10.1/a')],
    ['a link in a form unknown here', twoLinks('10.1/a', 'x'), twoLinks('10.1/a', 'y')],
    ['what was not given', { notes: '', license: 'mit' }, { license: { id: 'mit-license' } }],
  ])('takes %s for the same', (_, sent, echo) => {
    expect(findLost(sent, echo)).toEqual([])
  })
})

function twoLinks(one: string, other: string): Metadata {
  return {
    related_identifiers: [one, other].map((identifier) => ({ identifier, relation: 'cites' })),
  }
}
