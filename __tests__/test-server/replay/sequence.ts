import { readdir, readFile } from 'node:fs/promises'

/** One recorded request with the real answer, in the form both answers are compared in. */
export interface Step {
  readonly note: string
  readonly as?: 'alice' | 'bob' | 'nobody' | 'bad'
  readonly request: RecordedRequest
  /** Name of a variable → where in the answer its value stands. */
  readonly save?: Readonly<Record<string, string>>
  /** Sends the request so many times; `{n}` counts. */
  readonly repeat?: number
  /** Paths of the answer that are not compared. */
  readonly ignore?: readonly string[]
  readonly response: RecordedAnswer
}

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly chunked?: boolean
}

export interface RecordedAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
}

export interface Sequence {
  readonly name: string
  readonly about: string
  readonly steps: readonly Step[]
}

/** The recordings, beside the sources of the tests; the tests themselves run from build/. */
export const FIXTURES = new URL('../../../../__tests__/fixtures/conformance/', import.meta.url)

/** All recorded sequences by file name. */
export async function readSequences(): Promise<readonly (readonly [string, Sequence])[]> {
  const folder = new URL('sequences/', FIXTURES)
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder), 'utf8')
      return [file.replace('.json', ''), JSON.parse(text) as Sequence] as const
    }),
  )
}
