import { describe, expect, test } from '@jest/globals'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { applyToNative } from '../../src/metadata/native.ts'

/** A draft as the server shows it, with much that the deposit's metadata cannot express. */
const DRAFT = {
  id: '189',
  links: { self: 'https://zenodo.org/api/records/189/draft' },
  parent: { id: '187' },
  is_draft: true,
  metadata: {
    title: 'T',
    additional_titles: [
      {
        title: 'Titel',
        type: { id: 'translated-title', title: { en: 'x' } },
        lang: { id: 'deu', title: { en: 'German' } },
      },
    ],
    resource_type: { id: 'publication-article', title: { en: 'Journal article' } },
    creators: [
      {
        person_or_org: {
          type: 'organizational',
          name: 'CERN',
          identifiers: [{ scheme: 'ror', identifier: '01ggx4157' }],
        },
        role: { id: 'datacollector', title: { en: 'Data collector' } },
        affiliations: [{ id: '01ggx4157', name: 'CERN' }, { name: 'EPFL' }],
      },
    ],
    contributors: [
      { person_or_org: { type: 'personal', family_name: 'Boss' }, role: { id: 'supervisor' } },
      { person_or_org: { type: 'personal', family_name: 'Roe' }, role: { id: 'editor' } },
    ],
    description: '<p>D</p>',
    additional_descriptions: [
      { description: '<p>A</p>', type: { id: 'abstract', title: { en: 'Abstract' } } },
      { description: '<p>N</p>', type: { id: 'notes' } },
    ],
    rights: [
      {
        id: 'mit',
        title: { en: 'MIT License' },
        icon: 'x',
        props: { url: 'https://opensource.org' },
      },
      { title: { en: 'My own' }, link: 'https://example.org' },
    ],
    subjects: [{ id: 'http://id.loc.gov/x', subject: 'Astronomy' }, { subject: 'stars' }],
    funding: [
      { funder: { id: '021nxhr62', name: 'NSF' }, award: { id: '021nxhr62::1', number: '1' } },
      { funder: { name: 'A donor' }, award: { title: { en: 'A gift' } } },
    ],
    languages: [
      { id: 'eng', title: { en: 'English' } },
      { id: 'deu', title: { en: 'German' } },
    ],
    publisher: 'Zenodo',
    publication_date: '2026-01-15',
    sizes: ['12 pages'],
  },
  custom_fields: {
    'journal:journal': { title: 'J', issn: '0317-8471' },
    'code:developmentStatus': { id: 'active', title: { en: 'Active' } },
  },
  access: {
    record: 'public',
    files: 'public',
    status: 'open',
    embargo: { active: false, reason: null },
  },
  files: {
    enabled: true,
    order: [],
    count: 2,
    total_bytes: 8,
    entries: {},
    default_preview: 'a.txt',
  },
  pids: { doi: { identifier: '10.5281/zenodo.189', provider: 'datacite', client: 'datacite' } },
  ui: { version: 'v1' },
}

const metadataOf = (overrides: Metadata) =>
  applyToNative(DRAFT, overrides)['metadata'] as Readonly<Record<string, unknown>>

describe('applyToNative', () => {
  test('without overrides keeps everything but what the server only shows', () => {
    const body = applyToNative(DRAFT, {})

    expect(body).toEqual({
      metadata: {
        ...DRAFT.metadata,
        additional_titles: [
          { title: 'Titel', type: { id: 'translated-title' }, lang: { id: 'deu' } },
        ],
        resource_type: { id: 'publication-article' },
        creators: [{ ...DRAFT.metadata.creators[0], role: { id: 'datacollector' } }],
        additional_descriptions: [
          { description: '<p>A</p>', type: { id: 'abstract' } },
          { description: '<p>N</p>', type: { id: 'notes' } },
        ],
        rights: [{ id: 'mit' }, { title: { en: 'My own' }, link: 'https://example.org' }],
        languages: [{ id: 'eng' }, { id: 'deu' }],
      },
      custom_fields: {
        'journal:journal': { title: 'J', issn: '0317-8471' },
        'code:developmentStatus': { id: 'active' },
      },
      access: { record: 'public', files: 'public', embargo: { active: false, reason: null } },
      files: { enabled: true, order: [], default_preview: 'a.txt' },
      pids: DRAFT.pids,
    })
  })

  test('does not change the draft it is given', () => {
    const before = structuredClone(DRAFT)

    applyToNative(DRAFT, { keywords: ['a'], journal_title: 'K', custom: { 'dwc:genus': ['Aus'] } })

    expect(DRAFT).toEqual(before)
  })

  test.each<[string, Metadata, object]>([
    ['title', { title: 'U' }, { title: 'U' }],
    ['version', { version: '2' }, { version: '2' }],
    ['publisher', { imprint_publisher: 'P' }, { publisher: 'P' }],
    ['a type', { upload_type: 'dataset' }, { resource_type: { id: 'dataset' } }],
    [
      'a type with its subtype',
      { upload_type: 'image', image_type: 'plot' },
      { resource_type: { id: 'image-plot' } },
    ],
    [
      'a subtype',
      { publication_type: 'thesis' },
      { resource_type: { id: 'publication-dissertation' } },
    ],
    ['a licence', { license: 'CC-BY' }, { rights: [{ id: 'cc-by-4.0' }] }],
    [
      'a licence without an id',
      { license: 'fal' },
      { rights: [{ title: { en: 'Free Art License' } }] },
    ],
    ['a language', { language: 'EN' }, { languages: [{ id: 'eng' }] }],
    ['references', { references: ['A'] }, { references: [{ reference: 'A' }] }],
    [
      'creators',
      {
        creators: [
          {
            name: 'Doe, Jane',
            orcid: 'https://orcid.org/0000-0002-1825-0097',
            gnd: '118540238',
            affiliation: 'CERN',
          },
          { name: 'ACME, Inc., Ltd.' },
        ],
      },
      {
        creators: [
          {
            person_or_org: {
              type: 'personal',
              family_name: 'Doe',
              given_name: 'Jane',
              identifiers: [
                { scheme: 'orcid', identifier: '0000-0002-1825-0097' },
                { scheme: 'gnd', identifier: 'gnd:118540238' },
              ],
            },
            affiliations: [{ name: 'CERN' }],
          },
          { person_or_org: { type: 'personal', family_name: 'ACME, Inc., Ltd.' } },
        ],
      },
    ],
    [
      'contributors, beside the supervisors',
      { contributors: [{ name: 'Doe', type: 'DataCurator' }] },
      {
        contributors: [
          DRAFT.metadata.contributors[0],
          { person_or_org: { type: 'personal', family_name: 'Doe' }, role: { id: 'datacurator' } },
        ],
      },
    ],
    [
      'supervisors, beside the contributors',
      { thesis_supervisors: [{ name: 'Doe' }] },
      {
        contributors: [
          { person_or_org: { type: 'personal', family_name: 'Doe' }, role: { id: 'supervisor' } },
          DRAFT.metadata.contributors[1],
        ],
      },
    ],
    [
      'keywords, beside subjects of a vocabulary',
      { keywords: ['moon'] },
      { subjects: [{ id: 'http://id.loc.gov/x', subject: 'Astronomy' }, { subject: 'moon' }] },
    ],
    [
      'notes, beside other descriptions',
      { notes: '<p>M</p>' },
      {
        additional_descriptions: [
          { description: '<p>A</p>', type: { id: 'abstract' } },
          { description: '<p>M</p>', type: { id: 'notes' } },
        ],
      },
    ],
    [
      'grants, beside funding in words',
      { grants: [{ id: '283595' }] },
      {
        funding: [
          DRAFT.metadata.funding[1],
          { funder: { id: '00k4n6c32' }, award: { id: '00k4n6c32::283595' } },
        ],
      },
    ],
    [
      'links of both kinds',
      {
        related_identifiers: [
          { identifier: '10.1234/a', relation: 'isSupplementTo', resource_type: 'software' },
          { identifier: '10.1234/b', relation: 'isAlternateIdentifier' },
        ],
      },
      {
        related_identifiers: [
          {
            identifier: '10.1234/a',
            relation_type: { id: 'issupplementto' },
            resource_type: { id: 'software' },
          },
        ],
        identifiers: [{ identifier: '10.1234/b' }],
      },
    ],
    [
      'dates',
      {
        dates: [
          { start: '2020', end: '2021', type: 'Collected', description: 'd' },
          { start: '2020', end: '2020', type: 'Valid' },
        ],
      },
      {
        dates: [
          { date: '2020/2021', type: { id: 'collected' }, description: 'd' },
          { date: '2020', type: { id: 'valid' } },
        ],
      },
    ],
    [
      'locations',
      {
        locations: [
          { place: 'x', lat: '34.5', lon: -118.2 },
          { place: 'y', lat: 1 },
        ],
      },
      {
        locations: {
          features: [
            { place: 'x', geometry: { type: 'Point', coordinates: [-118.2, 34.5] } },
            { place: 'y' },
          ],
        },
      },
    ],
  ])('changes %s and nothing else', (_, overrides, changed) => {
    expect(metadataOf(overrides)).toEqual({ ...metadataOf({}), ...changed })
  })

  test.each<[string, Metadata, object]>([
    [
      'a field of a group',
      { journal_volume: '3' },
      { 'journal:journal': { title: 'J', issn: '0317-8471', volume: '3' } },
    ],
    [
      'a field that empties one',
      { journal_title: '' },
      { 'journal:journal': { issn: '0317-8471' } },
    ],
    [
      'a conference',
      { conference_url: 'https://x.org' },
      { 'meeting:meeting': { url: 'https://x.org' } },
    ],
    [
      'a book',
      { partof_pages: '1', imprint_isbn: '2' },
      { 'imprint:imprint': { pages: '1', isbn: '2' } },
    ],
    ['a university', { thesis_university: 'U' }, { 'thesis:thesis': { university: 'U' } }],
    ['communities', { communities: [{ identifier: 'eu' }] }, { 'legacy:communities': ['eu'] }],
    ['subjects', { subjects: [{ term: 'A' }] }, { 'legacy:subjects': [{ term: 'A' }] }],
    ['a custom field', { custom: { 'dwc:genus': ['Aus'] } }, { 'dwc:genus': ['Aus'] }],
  ])('changes %s among the custom fields', (_, overrides, changed) => {
    const before = applyToNative(DRAFT, {})['custom_fields'] as object

    expect(applyToNative(DRAFT, overrides)['custom_fields']).toEqual({ ...before, ...changed })
  })

  test.each<[string, Metadata, object]>([
    [
      'an embargo',
      { access_right: 'embargoed', embargo_date: '2027-01-01' },
      { files: 'restricted', embargo: { active: true, until: '2027-01-01' } },
    ],
    [
      'closed',
      { access_right: 'closed' },
      { files: 'restricted', embargo: { active: false, reason: null } },
    ],
    [
      'open',
      { access_right: 'open' },
      { files: 'public', embargo: { active: false, reason: null } },
    ],
    [
      'an embargo date alone',
      { embargo_date: '2027-01-01' },
      { files: 'public', embargo: { active: false, reason: null } },
    ],
  ])('makes access of %s', (_, overrides, access) => {
    expect(applyToNative(DRAFT, overrides)['access']).toEqual({ record: 'public', ...access })
  })

  test('moves the end of an embargo and keeps its reason', () => {
    const embargo = { active: true, until: '2027-01-01', reason: 'Paper' }
    const draft = { ...DRAFT, access: { record: 'public', files: 'restricted', embargo } }

    const body = applyToNative(draft, { embargo_date: '2028-01-01' })

    expect(body['access']).toMatchObject({
      embargo: { active: true, until: '2028-01-01', reason: 'Paper' },
    })
  })

  test.each<[string, Metadata, object]>([
    [
      'from elsewhere',
      { doi: 'https://doi.org/10.1234/x' },
      { doi: { identifier: '10.1234/x', provider: 'external' } },
    ],
    ['of its own', { doi: '10.5281/zenodo.189' }, DRAFT.pids],
  ])('sets a DOI %s', (_, overrides, pids) => {
    expect(applyToNative(DRAFT, overrides)['pids']).toEqual(pids)
  })

  test.each<[string, Metadata]>([
    ['unknown fields', { licence: 'MIT', toString: 'x' }],
    ['what Zenodo ignores', { prereserve_doi: true, access_conditions: 'x' }],
    ['a subtype of another type', { image_type: 'plot' }],
  ])('passes over %s', (_, overrides) => {
    expect(applyToNative(DRAFT, overrides)).toEqual(applyToNative(DRAFT, {}))
  })

  test('makes a draft of nothing', () => {
    expect(applyToNative({}, { title: 'T', upload_type: 'dataset' })).toEqual({
      metadata: { title: 'T', resource_type: { id: 'dataset' } },
      custom_fields: {},
      pids: {},
      access: {},
      files: { enabled: true },
    })
  })
})
