import { open } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { runAction } from '../support/run-action.ts'
import { createDataWorkspace } from '../support/workspace.ts'

const GIGABYTE = 1e9
const MOST_KB = 150_000

/** Says at the end how much memory the process held at most. What Linux tells of `resourceUsage` includes the process that started this one. */
const WATCH_MEMORY = `
import { readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
const peakKb = () => process.platform === 'linux'
  ? /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
  : process.resourceUsage().maxRSS
if (isMainThread) process.on('exit', () => console.log('peak: ' + peakKb() + ' kB'))
`

test('a file of a gigabyte is sent with a heap of 64 MB, in 150 MB in all', async () => {
  await using folder = await createDataWorkspace({ 'data/large.bin': '' })
  await using file = await open(folder.at('data/large.bin'), 'w')
  await file.truncate(GIGABYTE)
  const watch = await folder.write('watch.mjs', WATCH_MEMORY)
  await using zenodo = await startZenodo()

  const { exitCode, stdout } = await runAction({
    workspace: folder.path,
    inputs: {
      token: zenodo.tokens['alice'] ?? '',
      'server-url': zenodo.url,
      files: 'data/*',
    },
    env: { NODE_OPTIONS: `--max-old-space-size=64 --import=${pathToFileURL(watch).href}` },
  })

  expect(exitCode).toBe(0)
  expect(zenodo.deposits()[0]?.files).toMatchObject([{ key: 'large.bin', size: GIGABYTE }])
  expect(Number(/peak: (\d+) kB/.exec(stdout)?.[1])).toBeLessThanOrEqual(MOST_KB)
}, 120_000)
