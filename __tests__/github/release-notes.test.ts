import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { updateReleaseNotes, withBadge } from '../../src/github/release-notes.ts'
import { answerJson } from '../http/support/scripted-server.ts'
import { never, startGitHub, type World } from './support/fake-github.ts'

const BADGE =
  '[![DOI](https://zenodo.org/badge/DOI/10.5281/zenodo.1.svg)](https://doi.org/10.5281/zenodo.1)'
const START = '<!-- zenodo-deposit:start -->'
const END = '<!-- zenodo-deposit:end -->'
const BLOCK = `${START}\n${BADGE}\n${END}`
const OLD = `${START}\nold\n${END}`

describe('withBadge', () => {
  test.each([
    ['no text', '', BLOCK],
    ['text', 'What is new', `What is new\n\n${BLOCK}`],
    ['an old badge between text', `before\n${OLD}\nafter`, `before\n${BLOCK}\nafter`],
    ['two old badges', `a\n${OLD}\nb\n${OLD}\nc`, `a\n${BLOCK}\nb\n\nc`],
    ['lines that end as on Windows', 'a\r\nb', `a\r\nb\r\n\r\n${BLOCK.replaceAll('\n', '\r\n')}`],
    [
      'an old badge in such lines',
      `a\r\n${OLD}\r\nb`,
      `a\r\n${BLOCK.replaceAll('\n', '\r\n')}\r\nb`,
    ],
    ['a start that lost its end', `${START}\ntext`, `${START}\ntext\n\n${BLOCK}`],
    ['such a start before an old badge', `${START}\ntext\n${OLD}`, `${START}\ntext\n${BLOCK}`],
    ['an end that lost its start', `text\n${END}`, `text\n${END}\n\n${BLOCK}`],
  ])('finds %s', (_, body, expected) => {
    expect(withBadge(body, BADGE)).toBe(expected)
  })

  test('takes what looks like a pattern as it is', () => {
    expect(withBadge(`a ${OLD} b`, "$& $1 $'")).toBe(`a ${START}\n$& $1 $'\n${END} b`)
  })

  test('keeps what others wrote, and changes nothing the second time', () => {
    const part = fc.oneof(fc.constantFrom(START, END, OLD, BLOCK, '\n', '\r\n'), fc.string())
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const body = parts.join('')
        const once = withBadge(body, BADGE)

        expect(withBadge(once, BADGE)).toBe(once)
        const texts = parts.filter(
          (text) => text !== OLD && text !== BLOCK && text !== START && text !== END,
        )
        if (!parts.includes(START)) for (const text of texts) expect(once).toContain(text)
      }),
    )
  })
})

describe('updateReleaseNotes', () => {
  test('adds the badge once, and finds the release by its tag', async () => {
    const world: World = { assets: [], body: 'What is new' }
    await using fake = await startGitHub(world)
    await using github = fake.connect()

    const first = await updateReleaseNotes(github, { tag: 'v1/β' }, BADGE, never)
    const second = await updateReleaseNotes(github, { id: '7' }, BADGE, never)

    expect([first, second]).toEqual(['updated', 'unchanged'])
    expect(world.body).toBe(`What is new\n\n${BLOCK}`)
    expect(fake.api.requests.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'GET'])
    expect(JSON.parse(String(fake.api.requests[1]?.body))).toEqual({ body: world.body })
  })

  test('writes notes where there are none, on GitHub Enterprise Server', async () => {
    const world: World = { assets: [], body: null, basePath: '/api/v3' }
    await using fake = await startGitHub(world)
    await using github = fake.connect()

    await updateReleaseNotes(github, { id: '7' }, BADGE, never)

    expect(world.body).toBe(BLOCK)
  })

  test('names the permission that writing needs', async () => {
    const world: World = {
      assets: [],
      body: 'What is new',
      intercept: ({ method }, response) => {
        if (method !== 'PATCH') return false
        answerJson(response, 403, { message: 'Resource not accessible by integration' })
        return true
      },
    }
    await using fake = await startGitHub(world)
    await using github = fake.connect()

    const refused = updateReleaseNotes(github, { id: '7' }, BADGE, never)

    await expect(refused).rejects.toMatchObject({
      message: expect.stringMatching(
        /^GitHub did not let this job change the notes of the release: /,
      ),
      hint: expect.stringContaining('"permissions: { contents: write }"'),
    })
  })

  test('writes again when the answer is lost', async () => {
    let patches = 0
    const world: World = {
      assets: [],
      body: 'What is new',
      intercept: ({ method }, response) => {
        if (method !== 'PATCH') return false
        patches += 1
        if (patches === 1) response.destroy()
        return patches === 1
      },
    }
    await using fake = await startGitHub(world)
    await using github = fake.connect()

    expect(await updateReleaseNotes(github, { id: '7' }, BADGE, never)).toBe('updated')
    expect(world.body).toBe(`What is new\n\n${BLOCK}`)
  })

  test('does not take another answer for a release', async () => {
    const world: World = {
      assets: [],
      body: null,
      intercept: (_, response) => {
        answerJson(response, 200, { message: 'maintenance' })
        return true
      },
    }
    await using fake = await startGitHub(world)
    await using github = fake.connect()

    const refused = updateReleaseNotes(github, { id: '7' }, BADGE, never)

    await expect(refused).rejects.toThrow('without a release.')
  })
})
