import { describe, expect, test } from '@jest/globals'
import type { Metadata } from '../../src/metadata/metadata.ts'
import { findRefusedField } from '../../src/metadata/refused-value.ts'
import { RECORDINGS, toMetadata } from './recordings.ts'

describe('findRefusedField', () => {
  test.each<[string, Metadata, string]>([
    ['nonsense', { upload_type: 'nonsense' }, 'upload_type'],
    ['publication-x', { upload_type: 'publication', publication_type: 'x' }, 'publication_type'],
    ['fre', { language: 'fre' }, 'language'],
    ['00k4n6c32::755021', { grants: [{ id: '283595' }, { id: '755021' }] }, 'grants.1.id'],
    ['10.13039/999999', { grants: [{ id: '10.13039/999999::1' }] }, 'grants.0.id'],
    ['author', { contributors: [{ name: 'A', type: 'Author' }] }, 'contributors.0.type'],
    [
      'cited',
      { related_identifiers: [{ identifier: '10.1/x', relation: 'Cited' }] },
      'related_identifiers.0.relation',
    ],
    [
      'Software',
      {
        related_identifiers: [
          { identifier: '10.1/x', relation: 'cites', resource_type: 'Software' },
        ],
      },
      'related_identifiers.0.resource_type',
    ],
    ['sampled', { dates: [{ type: 'Sampled', start: '2020' }] }, 'dates.0.type'],
    [
      'nolang',
      { custom: { 'code:programmingLanguage': [{ id: 'python' }, { id: 'nolang' }] } },
      'custom.code:programmingLanguage',
    ],
  ])('finds where %s was sent', (value, sent, field) => {
    expect(findRefusedField(`Invalid value ${value}.`, sent)).toBe(field)
  })

  test.each([
    ['another message', 'Not a valid value.', { upload_type: 'dataset' }],
    ['a value that was not sent', 'Invalid value x.', { upload_type: 'dataset' }],
  ])('finds nothing for %s', (_, message, sent) => {
    expect(findRefusedField(message, sent)).toBeUndefined()
  })

  test('finds the field of every such answer that was recorded', () => {
    const refused = RECORDINGS.filter(({ message }) => message?.startsWith('Invalid value '))

    const lost = refused.filter(
      (recording) => findRefusedField(recording.message ?? '', toMetadata(recording)) === undefined,
    )

    expect(refused.length).toBeGreaterThan(50)
    expect(lost.map(({ name }) => name)).toEqual([])
  })
})
