/** The two fields of the old upload form. */
export interface UploadForm {
  readonly name: string | undefined
  readonly file: { readonly filename: string; readonly bytes: Buffer } | undefined
}

interface Part {
  readonly name: string
  readonly filename: string | undefined
  readonly bytes: Buffer
}

function readPart(part: Buffer): Part | undefined {
  const end = part.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = part.subarray(0, end).toString('utf8')
  const name = /;\s*name="([^"]*)"/i.exec(head)?.[1]
  const filename = /;\s*filename="([^"]*)"/i.exec(head)?.[1]
  if (name === undefined) return undefined
  return { name, filename, bytes: part.subarray(end + 4) }
}

function splitParts(body: Buffer, boundary: string): readonly Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`)
  const parts: Buffer[] = []
  let start = body.indexOf(delimiter)
  for (;;) {
    const next = body.indexOf(delimiter, start + delimiter.length)
    if (start < 0 || next < 0) return parts
    // Between a delimiter and the next one: a line break, the part, a line break.
    parts.push(body.subarray(start + delimiter.length + 2, next - 2))
    start = next
  }
}

/** Reads a multipart/form-data body as far as the upload form needs it. */
export function readForm(contentType: string, body: Buffer): UploadForm {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  const parts = boundary === undefined ? [] : splitParts(body, boundary).map(readPart)
  const name = parts.find((part) => part?.name === 'name')
  const file = parts.find((part) => part?.name === 'file')
  return {
    name: name?.bytes.toString('utf8'),
    file: file?.filename === undefined ? undefined : { filename: file.filename, bytes: file.bytes },
  }
}

/** A file name as the old upload keeps it: ASCII, without spaces and separators. */
export function secureFilename(name: string): string {
  const ascii = name.normalize('NFKD').replace(/[^\u0020-\u007e]/g, '')
  const joined = ascii.replace(/[/\\]/g, ' ').trim().split(/\s+/).join('_')
  return joined.replace(/[^A-Za-z0-9_.-]/g, '').replace(/^[._]+|[._]+$/g, '')
}
