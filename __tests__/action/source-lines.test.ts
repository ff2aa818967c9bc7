import { describe, expect, test } from '@jest/globals'
import { toSourceLines } from '../../src/action/source-lines.ts'

describe('toSourceLines', () => {
  test('names the sources of the metadata, and the file that is none', () => {
    const sources = { title: '.zenodo.json', version: 'tag', creators: '.zenodo.json' }

    const lines = toSourceLines({ sources, file: '.zenodo.json', passedOver: ['CITATION.cff'] })

    expect(lines).toEqual([
      'Metadata from .zenodo.json: title, creators',
      'Metadata from tag: version',
      'CITATION.cff is not read, since .zenodo.json is',
    ])
  })
})
