import path from 'node:path'
import type { ConvertOptions } from './convert.ts'
import { fromCitationCff } from './from-citation-cff.ts'
import { fromCodemeta } from './from-codemeta.ts'
import { fromZenodoJson } from './from-zenodo-json.ts'
import type { Source } from './source.ts'

/** The formats that metadata is read from. */
export type FileKind = 'zenodo' | 'citation' | 'codemeta'

/** Reads the text of a metadata file, of the kind that its name or else its content tells. */
export function readSource(text: string, file: string, options: ConvertOptions = {}): Source {
  switch (detectKind(text, file)) {
    case 'citation':
      return fromCitationCff(text, file, options)
    case 'codemeta':
      return fromCodemeta(text, file, options)
    case 'zenodo':
      return fromZenodoJson(text, file, isJson(text, file) ? 'json' : 'yaml')
  }
}

/** What a file is: by its name, and if that says nothing, by the keys it holds. */
export function detectKind(text: string, file: string): FileKind {
  const name = path.basename(file).toLowerCase()
  if (name.endsWith('.zenodo.json') || name === 'zenodo.json') return 'zenodo'
  if (name.endsWith('.cff')) return 'citation'
  if (name.endsWith('codemeta.json')) return 'codemeta'
  if (/^[{\s]*"?cff-version"?\s*:/m.test(text)) return 'citation'
  return /"@context"\s*:[^{}]*(codemeta|schema\.org)/i.test(text) ? 'codemeta' : 'zenodo'
}

function isJson(text: string, file: string): boolean {
  return path.extname(file) === '.json' || /^\u{FEFF}?\s*\{/u.test(text)
}
