import type { Readable } from 'node:stream'

/** What the server answers; a handler returns one, the transport sends it. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
  readonly stream?: { readonly source: Readable | Buffer; readonly size: number }
}

/** One entry of `errors` in a 400: a dotted path and what is wrong there. */
export interface FieldError {
  readonly field: string
  readonly messages: readonly string[]
}

export const NATIVE = 'application/vnd.inveniordm.v1+json'

export const json = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({ status, headers: { 'content-type': 'application/json', ...headers }, json: value })

export const html = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text,
})

/** Success without a body; Zenodo labels even this as HTML. */
export const noContent = (): Answer => ({
  status: 204,
  headers: { 'content-type': 'text/html; charset=utf-8' },
})

/** An answer of the gateway in front of Zenodo, which speaks HTML. */
export function gatewayPage(status: number, title: string): Answer {
  const line = `${status} ${title}`
  const body = `<html>\r\n<head><title>${line}</title></head>\r\n<body>\r\n<center><h1>${line}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n`
  return html(status, body)
}

/** Ends a request early with a refusal; thrown by handlers and the metadata rules alike. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}

const refusal = (status: number, message: string): Refusal =>
  new Refusal(json(status, { status, message }))

export const badRequest = (message: string): Refusal => refusal(400, message)
export const forbidden = (message = 'Permission denied.'): Refusal => refusal(403, message)
export const notFound = (message = 'Not found.'): Refusal => refusal(404, message)
export const noSuchPid = (): Refusal => notFound('The persistent identifier does not exist.')
export const notRegistered = (): Refusal => notFound('The persistent identifier is not registered.')
export const noSuchFile = (id: number, key: string): Refusal =>
  notFound(`Record '${id}' has no file '${key}'.`)
export const unacceptable = (status: 406 | 415, message: string): Refusal =>
  refusal(status, message)
export const preconditionFailed = (message: string): Refusal => refusal(412, message)

/** The usual 400: what is wrong, field by field. */
export function invalid(...errors: readonly FieldError[]): Refusal {
  const message = 'A validation error occurred.'
  return new Refusal(json(400, { status: 400, message, errors }))
}

/** A vocabulary look-up that failed, or pretends to (see `state/draft-row.ts`). */
export const invalidValue = (value: string): Refusal => badRequest(`Invalid value ${value}.`)

/** Answers of the web framework have their keys the other way round. */
const framework = (status: number, message: string): Refusal =>
  new Refusal(json(status, { message, status }))

export const crash = (): Refusal =>
  framework(
    500,
    'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
  )
export const noSuchRoute = (): Refusal =>
  framework(
    404,
    'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
  )
export const wrongMethod = (): Refusal =>
  framework(405, 'The method is not allowed for the requested URL.')
export const notUnderstood = (message: string): Refusal => framework(400, message)
