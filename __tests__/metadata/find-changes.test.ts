import { describe, expect, test } from '@jest/globals'
import { findChanges } from '../../src/metadata/find-changes.ts'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { RECORDINGS, toEcho, toMetadata } from './recordings.ts'

/** What the server shows of a dataset with nothing special. */
const NOW: Metadata = {
  title: 'River levels',
  upload_type: 'dataset',
  publication_date: '2026-01-31',
  description: '<p>Levels of a river.</p>',
  creators: [{ name: 'Doe, Jane', affiliation: 'Somewhere', orcid: '0000-0002-1825-0097' }],
  access_right: 'open',
  license: 'cc-by-4.0',
  imprint_publisher: 'Zenodo',
  doi: '10.5281/zenodo.7',
  prereserve_doi: { doi: '10.5281/zenodo.7', recid: 7 },
}

const fieldsOf = (now: Metadata, metadata: Metadata, extent: 'whole' | 'part') =>
  findChanges(now, { extent, metadata }).map(({ field }) => field)

describe('findChanges', () => {
  test('finds nothing where the server merely spelled in its own way what it was sent', () => {
    const harmless = RECORDINGS.filter(
      ({ verdict, echo }) => (verdict === 'ok' || verdict === 'altered') && echo !== null,
    )
    const alarms = harmless.flatMap((recording) => {
      const now = toEcho(recording)
      // A run always gives a date.
      const metadata = { publication_date: now['publication_date'], ...toMetadata(recording) }
      const changes = findChanges(now, { extent: 'whole', metadata })
      return changes.length === 0 ? [] : [{ name: recording.name, changes }]
    })

    expect(harmless.length).toBeGreaterThan(500)
    expect(alarms).toEqual([])
  })

  test.each<[string, Metadata]>([
    ['the same again', {}],
    ['a licence by another name', { license: 'CC-BY-4.0' }],
    [
      'an ORCID iD as an address',
      {
        creators: [
          {
            name: 'Doe, Jane',
            affiliation: 'Somewhere',
            orcid: 'https://orcid.org/0000-0002-1825-0097',
          },
        ],
      },
    ],
    ['tags that only shape a text', { description: 'Levels of a river.' }],
    ['what the server fills in by itself', { access_right: '', imprint_publisher: undefined }],
  ])('takes %s for no change', (_, news) => {
    const { doi, prereserve_doi, ...metadata } = { ...NOW, ...news }

    expect(doi).toBeDefined()
    expect(prereserve_doi).toBeDefined()
    expect(fieldsOf(NOW, metadata, 'whole')).toEqual([])
  })

  test.each<[string, Metadata, Metadata, readonly string[]]>([
    ['another title', {}, { title: 'Levels' }, ['title']],
    ['a new field', {}, { notes: 'New' }, ['notes']],
    ['another licence', {}, { license: 'mit' }, ['license']],
    ['one keyword more', { keywords: ['a'] }, { keywords: ['a', 'b'] }, ['keywords']],
    ['one keyword less', { keywords: ['a', 'b'] }, { keywords: ['a'] }, ['keywords']],
    ['other keywords', { keywords: ['a'] }, { keywords: ['b'] }, ['keywords']],
    ['an author more', {}, { creators: [{ name: 'Doe, Jane' }, { name: 'B' }] }, ['creators']],
    [
      'an affiliation less',
      {},
      { creators: [{ name: 'Doe, Jane', orcid: '0000-0002-1825-0097' }] },
      ['creators'],
    ],
    ['an emptied field', { notes: 'Old' }, { notes: '' }, ['notes']],
    [
      'another subtype',
      { upload_type: 'image', image_type: 'figure' },
      { upload_type: 'image', image_type: 'plot' },
      ['image_type'],
    ],
    ['another type', {}, { upload_type: 'software' }, ['upload_type']],
    [
      'a custom field',
      { custom: { 'code:developmentStatus': { id: 'wip' } } },
      { custom: { 'code:developmentStatus': { id: 'active' } } },
      ['custom'],
    ],
    ['a custom field less', { custom: { a: 1, b: 2 } }, { custom: { a: 1 } }, ['custom']],
    [
      'a link to something else',
      { related_identifiers: [{ identifier: 'https://a.org/1', relation: 'cites' }] },
      { related_identifiers: [{ identifier: 'https://a.org/2', relation: 'cites' }] },
      ['related_identifiers'],
    ],
    [
      'another relation to the same thing',
      { related_identifiers: [{ identifier: '10.1234/a', relation: 'cites' }] },
      { related_identifiers: [{ identifier: '10.1234/a', relation: 'references' }] },
      ['related_identifiers'],
    ],
    [
      'the kind of a linked thing',
      {
        related_identifiers: [
          { identifier: '10.1234/a', relation: 'cites', resource_type: 'dataset', scheme: 'doi' },
        ],
      },
      {
        related_identifiers: [
          { identifier: 'https://doi.org/10.1234/A', relation: 'cites', resource_type: 'software' },
        ],
      },
      ['related_identifiers'],
    ],
  ])('finds %s', (_, now, news, fields) => {
    expect(fieldsOf({ ...NOW, ...now }, news, 'part')).toEqual(fields)
  })

  test('shows both sides, an absent one as undefined', () => {
    const changes = findChanges(
      { ...NOW, notes: 'Old' },
      {
        extent: 'part',
        metadata: { title: 'New', notes: '', version: '2' },
      },
    )

    expect(changes).toEqual([
      { field: 'notes', now: 'Old', then: undefined },
      { field: 'title', now: 'River levels', then: 'New' },
      { field: 'version', now: undefined, then: '2' },
    ])
  })

  test('lets a part leave the other fields alone', () => {
    expect(fieldsOf({ ...NOW, notes: 'Old' }, { title: 'River levels' }, 'part')).toEqual([])
  })

  test('lets a whole remove what it does not have, down to the server’s own defaults', () => {
    const now = { ...NOW, notes: 'Old', access_right: 'embargoed', embargo_date: '2030-01-01' }
    const { license, creators, ...rest } = NOW

    const changes = findChanges(now, { extent: 'whole', metadata: { ...rest, creators } })

    expect(license).toBe('cc-by-4.0')
    expect(changes).toEqual([
      { field: 'access_right', now: 'embargoed', then: 'open' },
      { field: 'embargo_date', now: '2030-01-01', then: undefined },
      { field: 'license', now: 'cc-by-4.0', then: 'cc-zero' },
      { field: 'notes', now: 'Old', then: undefined },
    ])
  })
})
