import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'

const MAIN = fileURLToPath(new URL('../../test-server/main.js', import.meta.url))

const run = (...options: readonly string[]): ReturnType<typeof spawnMain> => spawnMain(options)

function spawnMain(options: readonly string[]) {
  return spawn(process.execPath, [MAIN, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The first thing it prints; a child that ends before that fails with what it complained about. */
async function greetingOf(child: ReturnType<typeof run>): Promise<string> {
  const complaint = readText(child.stderr)
  const ended = once(child, 'exit').then(async () => Promise.reject(new Error(await complaint)))
  const [greeting] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer]
  ended.catch(() => undefined)
  return greeting.toString()
}

describe('npm run zenodo', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'prints address and tokens, and ends on %s',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'zenodo-'))
      const tokens = join(folder, 'tokens.json')
      await writeFile(tokens, '{"carol": "carols-token", "dave": "daves-token"}')
      const child = run('--tokens', tokens, '--doi-prefix', '10.5072')
      const greeting = await greetingOf(child)
      const url = /listens on (\S+)/.exec(greeting)?.[1] ?? ''
      const headers = { authorization: 'Bearer carols-token' }
      const answer = await fetch(`${url}/api/deposit/depositions`, { headers })

      child.kill(signal)

      expect(await once(child, 'exit')).toEqual([0, null])
      expect(answer.status).toBe(200)
      expect(greeting).toContain('token of carol: carols-token\ntoken of dave: daves-token\n')
      await rm(folder, { recursive: true })
    },
  )

  test.each([
    ['an option it does not know', ['--nonsense'], /nonsense/],
    ['a number that is none', ['--quota', 'much'], /--quota needs a number, not "much"/],
    ['a file of tokens that is missing', ['--tokens', 'no-such-file'], /no-such-file/],
  ])('explains itself when it is given %s', async (_words, options, message) => {
    const child = run(...options)

    const [text, exit] = await Promise.all([readText(child.stderr), once(child, 'exit')])

    expect(exit).toEqual([2, null])
    expect(text).toMatch(message)
    expect(text).toContain('--index-lag MS')
  })
})
