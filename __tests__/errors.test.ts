import { describe, expect, test } from '@jest/globals'
import {
  ApiError,
  ChecksumError,
  DepositError,
  DoubtfulPublishError,
  FileError,
  InputError,
  NetworkError,
  ProtocolError,
} from '../src/errors.ts'

const ANSWER = { status: 500, requestLine: 'GET /api', fieldErrors: [] }

/** Literals, since a bundler renames classes. */
const ERRORS: [string, DepositError][] = [
  ['InputError', new InputError([{ place: { input: 'files' }, problem: 'wrong' }])],
  ['FileError', new FileError('/data/a.csv', 'unreadable')],
  ['NetworkError', new NetworkError('GET /api', 'no answer')],
  ['ApiError', new ApiError('refused', ANSWER)],
  ['ProtocolError', new ProtocolError('GET /api', 'odd')],
  ['ChecksumError', new ChecksumError('a.csv', 'md5:1', 'md5:2')],
  ['DoubtfulPublishError', new DoubtfulPublishError('12', 'who knows')],
]

describe('errors', () => {
  test.each(ERRORS)('%s bears its name and is a DepositError', (name, error) => {
    expect(error).toBeInstanceOf(DepositError)
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe(name)
    expect(String(error)).toBe(`${name}: ${error.message}`)
    expect(error.stack).toContain(error.message)
  })

  test('have no cause where none is given', () => {
    expect(new NetworkError('GET /api', 'no answer')).not.toHaveProperty('cause')
  })

  test('keep hint and cause', () => {
    const cause = new Error('ECONNRESET')

    const error = new FileError('/data/a.csv', 'unreadable', { hint: 'Check it.', cause })

    expect(error).toMatchObject({ path: '/data/a.csv', hint: 'Check it.', cause })
  })
})

describe('InputError', () => {
  test('says all problems, one a line', () => {
    const error = new InputError([
      { place: { input: 'files' }, problem: 'first' },
      { place: { file: '.zenodo.json', line: 3, column: 7 }, problem: 'second' },
    ])

    expect(error.message).toBe('first\nsecond')
    expect(error.issues).toHaveLength(2)
  })
})

describe('NetworkError', () => {
  test('takes a request for sent unless it is known not to be', () => {
    expect(new NetworkError('POST /api', 'no answer').bodySent).toBe(true)
    expect(new NetworkError('POST /api', 'no answer', { bodySent: false }).bodySent).toBe(false)
  })
})

describe('ApiError', () => {
  test('gives the status of the answer', () => {
    expect(new ApiError('refused', ANSWER).status).toBe(500)
  })
})

describe('ChecksumError', () => {
  test('names the file, both checksums, and what to do', () => {
    const error = new ChecksumError('a.csv', 'md5:1', 'md5:2')

    expect(error.message).toContain('"a.csv"')
    expect(error.message).toContain('md5:1 here, md5:2 there')
    expect(error.hint).toMatch(/^Re-run the job/)
  })
})
