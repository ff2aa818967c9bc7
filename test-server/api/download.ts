import type { CompletedFile } from '../state/bucket.ts'
import { open } from '../state/content.ts'
import { mediaType } from '../state/media-type.ts'
import { json, Refusal, type Answer } from '../transport/answer.ts'

/** Types that a browser would run are shown as text or saved. */
function toHeaders(key: string): Readonly<Record<string, string>> {
  const type = mediaType(key)
  const isText = type.startsWith('text/')
  const shown = isText ? 'text/plain; charset=utf-8' : type
  const isShown = isText || type.startsWith('image/') || type === 'application/pdf'
  const name = encodeURIComponent(key.split('/').at(-1) ?? key)
  const disposition = isShown ? 'inline' : `attachment; filename*=UTF-8''${name}`
  return { 'content-type': shown, 'content-disposition': disposition }
}

/** The whole file, whatever range was asked for; a file whose bytes were not kept is offline. */
export function toDownload({ key, content }: CompletedFile): Answer {
  const source = open(content)
  if (!source) throw new Refusal(json(503, { status: 503, message: 'File storage is offline.' }))
  return { status: 200, headers: toHeaders(key), stream: { source, size: content.size } }
}
