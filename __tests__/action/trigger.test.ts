import { describe, expect, test } from '@jest/globals'
import { markOf, parseTrigger, type Trigger } from '../../src/action/trigger.ts'

const REPOSITORY = { GITHUB_REPOSITORY: 'owner/repo', GITHUB_RUN_ID: '77', GITHUB_SHA: 'abc' }
const TAG = {
  ...REPOSITORY,
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/tags/v1.0',
  GITHUB_REF_NAME: 'v1.0',
  GITHUB_REF_TYPE: 'tag',
}
const BRANCH = {
  ...REPOSITORY,
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
}
const release = (prerelease: boolean): Record<string, unknown> => ({
  action: 'published',
  release: { id: 5, tag_name: 'v2.0', prerelease, draft: false },
})

describe('parseTrigger', () => {
  test.each<[string, Record<string, string>, Record<string, unknown>, Partial<Trigger>]>([
    ['a pushed tag', TAG, {}, { eventName: 'push', tag: 'v1.0', isPullRequest: false }],
    ['a pushed branch', BRANCH, {}, { tag: undefined, release: undefined }],
    [
      'a tag with slashes, of which only the full name tells',
      { ...REPOSITORY, GITHUB_REF: 'refs/tags/a/b' },
      {},
      { tag: 'a/b' },
    ],
    [
      'a branch named like a tag',
      { ...BRANCH, GITHUB_REF: 'refs/heads/v1.0', GITHUB_REF_NAME: 'v1.0' },
      {},
      { tag: undefined },
    ],
    [
      'a release, whose own tag counts',
      { ...TAG, GITHUB_EVENT_NAME: 'release' },
      release(false),
      { tag: 'v2.0', release: { id: '5', tag: 'v2.0', isPrerelease: false } },
    ],
    [
      'a prerelease',
      { ...TAG, GITHUB_EVENT_NAME: 'release' },
      release(true),
      { release: { id: '5', tag: 'v2.0', isPrerelease: true } },
    ],
    [
      'a dispatch on a tag',
      { ...TAG, GITHUB_EVENT_NAME: 'workflow_dispatch' },
      {},
      { tag: 'v1.0' },
    ],
    ['a payload without a release', TAG, { release: null }, { tag: 'v1.0', release: undefined }],
    [
      'a release without a tag',
      TAG,
      { release: { id: 5 } },
      { tag: 'v1.0', release: { id: '5', tag: undefined, isPrerelease: false } },
    ],
    [
      'a repository on another server',
      { ...TAG, GITHUB_SERVER_URL: 'https://git.example/' },
      {},
      { repositoryUrl: 'https://git.example/owner/repo' },
    ],
    ['a run on GitHub', TAG, {}, { repositoryUrl: 'https://github.com/owner/repo', runId: '77' }],
  ])('knows %s', (_, env, event, expected) => {
    expect(parseTrigger(env, event)).toMatchObject(expected)
  })

  test.each([
    ['pull_request', true],
    ['pull_request_target', true],
    ['pull_request_review', true],
    ['push', false],
    ['release', false],
    ['workflow_run', false],
    ['', false],
  ])('judges whether %s is about a pull request', (eventName, isPullRequest) => {
    const trigger = parseTrigger({ ...BRANCH, GITHUB_EVENT_NAME: eventName }, {})

    expect(trigger.isPullRequest).toBe(isPullRequest)
  })

  test('knows nothing outside a runner', () => {
    expect(parseTrigger({}, {})).toEqual({
      eventName: '',
      repositoryUrl: undefined,
      tag: undefined,
      sha: undefined,
      runId: undefined,
      release: undefined,
      isPullRequest: false,
    })
  })

  test('takes empty variables for absent ones', () => {
    const env = { GITHUB_REPOSITORY: '', GITHUB_RUN_ID: '', GITHUB_SHA: '', GITHUB_SERVER_URL: '' }

    expect(parseTrigger(env, {})).toEqual(parseTrigger({}, {}))
  })
})

describe('markOf', () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ['the repository at the tag', TAG, 'https://github.com/owner/repo/tree/v1.0'],
    ['the run, without a tag', BRANCH, 'https://github.com/owner/repo/actions/runs/77'],
    [
      'an address also for a tag with odd characters',
      { ...TAG, GITHUB_REF_NAME: 'a/b c"ü' },
      'https://github.com/owner/repo/tree/a/b%20c%22%C3%BC',
    ],
    [
      'an address also for a tag that is no valid text',
      { ...TAG, GITHUB_REF_NAME: 'a\ud800' },
      'https://github.com/owner/repo/tree/a%EF%BF%BD',
    ],
    ['nothing outside a runner', {}, undefined],
    ['nothing without tag and run', { GITHUB_REPOSITORY: 'owner/repo' }, undefined],
  ])('is %s', (_, env, mark) => {
    expect(markOf(parseTrigger(env, {}))).toBe(mark)
  })

  test('is the same whoever reruns the job, and another for another tag', () => {
    const again = { ...TAG, GITHUB_RUN_ID: '78', GITHUB_RUN_ATTEMPT: '2' }

    expect(markOf(parseTrigger(again, {}))).toBe(markOf(parseTrigger(TAG, {})))
    expect(markOf(parseTrigger({ ...TAG, GITHUB_REF_NAME: 'v1.1' }, {}))).not.toBe(
      markOf(parseTrigger(TAG, {})),
    )
  })
})
