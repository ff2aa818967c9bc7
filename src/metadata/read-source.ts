import path from 'node:path'
import { fromZenodoJson } from './from-zenodo-json.ts'
import type { Source } from './source.ts'

/** Reads the text of a metadata file, of the kind that its name or else its content tells. */
export function readSource(text: string, file: string): Source {
  const format = isJson(text, file) ? 'json' : 'yaml'
  return fromZenodoJson(text, file, format)
}

function isJson(text: string, file: string): boolean {
  return path.extname(file) === '.json' || /^\s*\{/.test(text.replace(/^\u{FEFF}/u, ''))
}
