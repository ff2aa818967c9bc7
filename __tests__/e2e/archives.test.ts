import { execFileSync } from 'node:child_process'
import { utimesSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { runAction } from '../support/run-action.ts'
import { createDataWorkspace } from '../support/workspace.ts'

const run = (zenodo: Zenodo, workspace: string, inputs: Readonly<Record<string, string>>) =>
  runAction({
    workspace,
    event: { name: 'push', ref: 'refs/tags/v1' },
    inputs: { token: zenodo.tokens['alice'] ?? '', 'server-url': zenodo.url, ...inputs },
  })

const filesOf = (zenodo: Zenodo) =>
  zenodo
    .deposits()
    .flatMap(({ files }) => files.map(({ key }) => key))
    .toSorted()

function commitAll(folder: string): void {
  const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.org']
  for (const args of [['init'], ['add', '.'], ['commit', '-m', 'x']]) {
    execFileSync('git', [...author, ...args], { cwd: folder, stdio: 'ignore' })
  }
}

describe('archives', () => {
  test.each([['data.zip'], ['data.tar.gz']])(
    '%s holds the matched files, and a second run finds it unchanged',
    async (name) => {
      await using zenodo = await startZenodo()
      await using workspace = await createDataWorkspace({
        'data/a.csv': 'a\n',
        'data/more/a.csv': 'b\n',
        'data/empty.csv': '',
      })
      const inputs = { files: 'data/**', 'archive-name': name }

      const first = await run(zenodo, workspace.path, inputs)
      utimesSync(workspace.at('data/a.csv'), 1, 1)
      const second = await run(zenodo, workspace.path, inputs)

      expect([first, second].map(({ exitCode, stdout }) => (exitCode === 0 ? '' : stdout))).toEqual(
        ['', ''],
      )
      expect(filesOf(zenodo)).toEqual([name])
      expect(second.outputs).toMatchObject({ 'uploaded-count': '0', 'kept-count': '1' })
    },
  )

  test('are made where RUNNER_TEMP is not there yet', async () => {
    await using zenodo = await startZenodo()
    await using workspace = await createDataWorkspace({ 'data/a.csv': 'a\n' })

    const { exitCode, stdout } = await runAction({
      workspace: workspace.path,
      inputs: {
        token: zenodo.tokens['alice'] ?? '',
        'server-url': zenodo.url,
        files: 'data/*',
        'archive-name': 'data.zip',
      },
      env: { RUNNER_TEMP: workspace.at('not/there') },
    })

    expect(exitCode === 0 ? '' : stdout).toBe('')
    expect(filesOf(zenodo)).toEqual(['data.zip'])
  })

  test('of the sources holds the commit, beside the files', async () => {
    await using zenodo = await startZenodo()
    await using workspace = await createDataWorkspace({
      'data/a.csv': 'a\n',
      'src/main.py': 'print()\n',
    })
    commitAll(workspace.path)
    await workspace.write('untracked.txt', 'no\n')

    const { exitCode, stdout } = await run(zenodo, workspace.path, {
      files: 'data/*',
      'source-archive': 'zip',
    })

    expect(exitCode === 0 ? '' : stdout).toBe('')
    expect(filesOf(zenodo)).toEqual(['a.csv', 'toy-v1.zip'])
  })

  test('beside files whose names differ only in case warn of them once', async () => {
    await using zenodo = await startZenodo()
    await using workspace = await createDataWorkspace({
      'data/a.csv': 'a\n',
      'more/A.csv': 'b\n',
      'src/main.py': 'print()\n',
    })
    commitAll(workspace.path)

    const { commands } = await run(zenodo, workspace.path, {
      files: 'data/*\nmore/*',
      'source-archive': 'zip',
    })

    const warnings = commands.filter(({ name }) => name === 'warning').map(({ data }) => data)
    expect(warnings).toEqual([expect.stringContaining('differ only in case')])
  })

  test('of nothing, where that is fine, leaves the files of the draft alone', async () => {
    await using zenodo = await startZenodo()
    await using workspace = await createDataWorkspace({ 'data/a.csv': 'a\n' })
    await run(zenodo, workspace.path, { files: 'data/*' })

    const { exitCode, stdout } = await run(zenodo, workspace.path, {
      files: 'other/*',
      'archive-name': 'all.zip',
      'if-no-files-found': 'warn',
    })

    expect(exitCode === 0 ? '' : stdout).toBe('')
    expect(filesOf(zenodo)).toEqual(['a.csv'])
  })

  test('an archive with the name of a matched file is refused', async () => {
    await using zenodo = await startZenodo()
    await using workspace = await createDataWorkspace({ 'toy-v1.zip': 'x' })
    commitAll(workspace.path)

    const { exitCode, stdout } = await run(zenodo, workspace.path, {
      files: '*.zip',
      'source-archive': 'zip',
    })

    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/would have the same key, toy-v1\.zip/)
    expect(zenodo.requests).toEqual([])
  })
})
