/** Every failure reported on purpose. A `DepositError` says what happened to which thing in one line, and what to do next. */
export abstract class DepositError extends Error {
  /** What the user can do next, in one sentence or two. */
  readonly hint: string | undefined

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.hint = options.hint
  }
}

/** Where a problem stands: an input of the step, or a place in a file (lines and columns start at 1, also in an input). */
export type Place =
  | { readonly input: string; readonly line?: number }
  | { readonly file: string; readonly line?: number; readonly column?: number }

/** One thing that is wrong with what the user wrote. */
export interface Issue {
  readonly place: Place
  /** One sentence that names the value, and what is accepted. */
  readonly problem: string
}

/** Inputs or metadata are wrong; all issues at once. */
export class InputError extends DepositError {
  override readonly name = 'InputError'
  readonly issues: readonly Issue[]

  constructor(issues: readonly Issue[], options: { hint?: string; cause?: unknown } = {}) {
    super(issues.map(({ problem }) => problem).join('\n'), options)
    this.issues = issues
  }
}

/** A local file cannot be used: unreadable, empty, changed meanwhile, a key that collides, a limit. */
export class FileError extends DepositError {
  override readonly name = 'FileError'
  readonly path: string

  constructor(path: string, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options)
    this.path = path
  }
}

/** No answer came. */
export class NetworkError extends DepositError {
  override readonly name = 'NetworkError'
  /** Method and path, without query. */
  readonly requestLine: string
  /** Whether the request may have reached the server whole, so that it may have taken effect. */
  readonly bodySent: boolean

  constructor(
    requestLine: string,
    message: string,
    options: { hint?: string; cause?: unknown; bodySent?: boolean } = {},
  ) {
    super(message, options)
    this.requestLine = requestLine
    this.bodySent = options.bodySent ?? true
  }
}

/** One field error of a server answer, in the server's (native) field names. */
export interface FieldError {
  readonly field: string
  readonly messages: readonly string[]
}

/** What an `ApiError` keeps of the answer. */
export interface RefusedAnswer {
  readonly status: number
  readonly requestLine: string
  /** The server's own message; undefined where the answer was not JSON. */
  readonly serverMessage?: string | undefined
  readonly fieldErrors: readonly FieldError[]
  readonly retryAfterMs?: number | undefined
}

/** The server answered with a status of 400 or more. */
export class ApiError extends DepositError {
  override readonly name = 'ApiError'
  readonly answer: RefusedAnswer

  constructor(
    message: string,
    answer: RefusedAnswer,
    options: { hint?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options)
    this.answer = answer
  }

  get status(): number {
    return this.answer.status
  }
}

/** An answer Zenodo would not give, or a link to another origin. */
export class ProtocolError extends DepositError {
  override readonly name = 'ProtocolError'
  readonly requestLine: string
  /** The server sent the request elsewhere instead of doing anything about it. */
  readonly isRedirect: boolean

  constructor(
    requestLine: string,
    message: string,
    options: { hint?: string; cause?: unknown; isRedirect?: boolean } = {},
  ) {
    super(message, options)
    this.requestLine = requestLine
    this.isRedirect = options.isRedirect ?? false
  }
}

/** What the server stored is not what was sent. */
export class ChecksumError extends DepositError {
  override readonly name = 'ChecksumError'
  readonly key: string
  readonly sent: string
  readonly stored: string

  constructor(key: string, sent: string, stored: string) {
    super(
      `The server stored other bytes of "${key}" than were sent: ${sent} here, ${stored} there.`,
      {
        hint: 'Re-run the job. If it happens every time, something between here and the server changes the data.',
      },
    )
    this.key = key
    this.sent = sent
    this.stored = stored
  }
}

/** The answer to the publish call was lost, and looking did not settle what happened. */
export class DoubtfulPublishError extends DepositError {
  override readonly name = 'DoubtfulPublishError'
  readonly depositId: string

  constructor(
    depositId: string,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, options)
    this.depositId = depositId
  }
}
