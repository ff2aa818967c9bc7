import { describe, expect, test } from '@jest/globals'
import { createGitHub } from '../../src/github/github.ts'
import { FakeClock } from '../http/support/fake-clock.ts'

const connect = (apiUrl: string) =>
  createGitHub({
    apiUrl,
    repository: 'owner/repo',
    token: 'token',
    userAgent: 'zenodo-deposit/test',
    retries: 0,
    clock: new FakeClock(),
  })

describe('createGitHub', () => {
  test.each([
    ['https://api.github.com', '/repos/owner/repo/releases'],
    ['https://api.github.com/', '/repos/owner/repo/releases'],
    ['https://github.example.org/api/v3', '/api/v3/repos/owner/repo/releases'],
    ['https://github.example.org/api/v3/', '/api/v3/repos/owner/repo/releases'],
    ['http://127.0.0.1:8080', '/repos/owner/repo/releases'],
  ])('reaches %s', async (apiUrl, path) => {
    await using github = connect(apiUrl)

    expect(github.pathOf('/releases')).toBe(path)
  })

  test.each([
    'http://github.example.org',
    'https://user:pass@github.example.org',
    'api.github.com',
    '',
  ])('does not send the token to "%s"', (apiUrl) => {
    expect(() => connect(apiUrl)).toThrow(
      `GITHUB_API_URL is "${apiUrl}", and the token is sent to https addresses only.`,
    )
  })

  test.each([
    ['a path below it', '/api/v3/user?page=2', '/api/v3/user?page=2'],
    ['an address below it', 'https://github.example.org/api/v3/user', '/api/v3/user'],
    ['another folder of the host', 'https://github.example.org/storage', undefined],
    ['a folder that only begins alike', 'https://github.example.org/api/v33/user', undefined],
    ['a way out', 'https://github.example.org/api/v3/../../storage', undefined],
    ['another port', 'https://github.example.org:444/api/v3/user', undefined],
    ['another host', 'https://github.example.org.evil.example/api/v3/user', undefined],
    ['no encryption', 'http://github.example.org/api/v3/user', undefined],
  ])('knows its own links: %s', async (_, link, path) => {
    await using github = connect('https://github.example.org/api/v3')

    expect(github.findPath(link)).toBe(path)
  })
})
