import { describe, expect, test } from '@jest/globals'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { fromRehearsal, toLegacyField } from '../../src/metadata/native.ts'

const SENT: Metadata = {
  creators: [
    { name: 'A', orcid: 'x' },
    { name: 'B', gnd: '1' },
  ],
  thesis_supervisors: [{ name: 'S', orcid: 'x' }],
  contributors: [{ name: 'C', type: 'Editor', gnd: '1' }],
  notes: 'Notes',
  method: 'Method',
}

describe('toLegacyField', () => {
  test.each([
    ['metadata.title', 'title'],
    ['metadata.resource_type', 'upload_type'],
    ['metadata.resource_type.id', 'upload_type'],
    ['metadata.publication_date', 'publication_date'],
    ['metadata.publisher', 'imprint_publisher'],
    ['metadata.rights', 'license'],
    ['metadata.rights.0.id', 'license'],
    ['metadata.subjects.2.subjects', 'keywords.2'],
    ['metadata.funding.0.award', 'grants.0'],
    ['metadata.languages.0', 'language'],
    ['metadata.version', 'version'],
    ['metadata.creators', 'creators'],
    ['metadata.creators.0', 'creators.0'],
    ['metadata.creators.0.person_or_org.family_name', 'creators.0.name'],
    ['metadata.creators.0.person_or_org.identifiers.0.identifier', 'creators.0.orcid'],
    ['metadata.creators.1.person_or_org.identifiers.0.identifier', 'creators.1.gnd'],
    ['metadata.creators.1.affiliations.0.name', 'creators.1.affiliation'],
    ['metadata.contributors.0.person_or_org.family_name', 'thesis_supervisors.0.name'],
    [
      'metadata.contributors.0.person_or_org.identifiers.0.identifier',
      'thesis_supervisors.0.orcid',
    ],
    ['metadata.contributors.1.role', 'contributors.0.type'],
    ['metadata.contributors.1.person_or_org.identifiers', 'contributors.0.gnd'],
    ['metadata.additional_descriptions.0.description', 'notes'],
    ['metadata.additional_descriptions.1.description', 'method'],
    ['metadata.related_identifiers.scheme', 'related_identifiers.scheme'],
    ['metadata.related_identifiers.3.relation_type', 'related_identifiers.3.relation'],
    ['metadata.identifiers.0.identifier', 'related_identifiers'],
    ['metadata.references.1.reference', 'references.1'],
    ['metadata.dates.0.date', 'dates.0'],
    ['metadata.locations.features.1.place', 'locations.1.place'],
    ['metadata.locations.features.1.geometry.coordinates', 'locations.1.lat'],
    ['access.embargo.until', 'embargo_date'],
    ['access.files', 'access_right'],
    ['pids.doi', 'doi'],
    ['custom_fields.journal:journal.volume', 'journal_volume'],
    ['custom_fields.meeting:meeting.url', 'conference_url'],
    ['custom_fields.imprint:imprint.isbn', 'imprint_isbn'],
    ['custom_fields.imprint:imprint.pages', 'partof_pages'],
    ['custom_fields.thesis:thesis.university', 'thesis_university'],
    ['custom_fields.legacy:communities.0', 'communities.0'],
    ['custom_fields.code:codeRepository', 'custom.code:codeRepository'],
    ['communities', 'communities'],
    ['_schema', '_schema'],
    ['files.enabled', 'files.enabled'],
  ])('calls %s %s', (native, legacy) => {
    expect(toLegacyField(native, SENT)).toBe(legacy)
  })

  test('knows that a method stands first where there are no notes', () => {
    const native = 'metadata.additional_descriptions.0.description'

    expect(toLegacyField(native, { method: 'ab' })).toBe('method')
  })
})

describe('fromRehearsal', () => {
  test('leaves out what comes back for good metadata as well', () => {
    const errors = [
      { field: 'metadata.rights.0.icon', messages: ['Unknown field.'] },
      { field: 'metadata.rights.0.rights', messages: ['Only an existing id or free text …'] },
      { field: 'files.enabled', messages: ['Missing uploaded files.'] },
    ]

    expect(fromRehearsal(errors, SENT)).toEqual([])
  })

  test('tells the others under the names of the file', () => {
    const errors = [
      { field: 'metadata.resource_type', messages: ['Missing data for required field.'] },
      { field: 'metadata.rights.0.id', messages: ['Wrong.', 'Very wrong.'] },
    ]

    expect(fromRehearsal(errors, SENT)).toEqual([
      { field: 'upload_type', problem: 'Missing data for required field.' },
      { field: 'license', problem: 'Wrong. Very wrong.' },
    ])
  })
})
