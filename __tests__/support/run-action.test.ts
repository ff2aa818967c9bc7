import { describe, expect, test } from '@jest/globals'
import { createWorkspace, expectNoToken, runAction } from './run-action.ts'

const ACTION = `
name: toy
description: A toy
inputs:
  token: { description: Token }
  dry-run: { description: Dry, default: false }
  github-token: { description: Other token, default: '\${{ github.token }}' }
runs: { using: node24, main: dist/index.js }
`

/** An action of a few lines, to see what the harness gives it and takes from it. */
function createToyAction(script: string) {
  return createWorkspace({
    'action.yml': ACTION,
    'dist/package.json': '{ "type": "module" }',
    'dist/index.js': `import { appendFileSync, readdirSync, readFileSync } from 'node:fs'\n${script}`,
  })
}

describe('runAction', () => {
  test('gives inputs with their dashes and the defaults of action.yml', async () => {
    await using action = await createToyAction(`
      for (const name of ['INPUT_TOKEN', 'INPUT_DRY-RUN', 'INPUT_GITHUB-TOKEN'])
        console.log(name + '=' + process.env[name])
    `)

    const result = await runAction({
      actionFolder: action.path,
      inputs: { token: 'abc' },
      githubToken: 'ghs_1',
    })

    expect(result.stdout).toBe('INPUT_TOKEN=abc\nINPUT_DRY-RUN=false\nINPUT_GITHUB-TOKEN=ghs_1\n')
  })

  test('refuses an input that action.yml does not know', async () => {
    await using action = await createToyAction('')

    const run = runAction({ actionFolder: action.path, inputs: { 'dry-runs': 'true' } })

    await expect(run).rejects.toThrow('Unexpected input(s): dry-runs')
  })

  test('reads outputs, state, summary and environment back, the file over the commands', async () => {
    await using action = await createToyAction(`
      console.log('::set-output name=doi::forged')
      console.log('name##[set-output name=other]forged')
      appendFileSync(process.env.GITHUB_OUTPUT, 'doi<<E\\n10.5281/zenodo.1\\nE\\n')
      appendFileSync(process.env.GITHUB_STATE, 'draft=1\\n')
      appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Done\\n')
      appendFileSync(process.env.GITHUB_ENV, 'A=b\\n')
      process.exitCode = 3
    `)

    const result = await runAction({ actionFolder: action.path })

    expect(result).toMatchObject({
      exitCode: 3,
      outputs: { doi: '10.5281/zenodo.1', other: 'forged' },
      state: { draft: '1' },
      environment: { A: 'b' },
      summary: '# Done\n',
    })
  })

  test('starts in the workspace with its files, the event and the ref', async () => {
    await using action = await createToyAction(`
      console.log(readdirSync('.').join(' '))
      console.log(readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8'))
      console.log(process.env.GITHUB_REF_TYPE, process.env.GITHUB_REF_NAME)
    `)

    const result = await runAction({
      actionFolder: action.path,
      files: { 'a.csv': '1' },
      event: { name: 'release', payload: { action: 'published' }, ref: 'refs/tags/v1.0' },
    })

    expect(result.stdout).toBe('a.csv\n{"action":"published"}\ntag v1.0\n')
  })

  test('interrupts the action once it printed the text', async () => {
    await using action = await createToyAction(`
      process.on('SIGINT', () => { console.log('stopping'); process.exit(1) })
      setInterval(() => {}, 1000)
      console.log('uploading a.csv')
    `)

    const result = await runAction({ actionFolder: action.path, signalAfter: /uploading/ })

    // Windows has no signals: there Node ends the process at once, handler or not.
    const stopped = { exitCode: 1, stdout: 'uploading a.csv\nstopping\n' }
    expect(result).toMatchObject(process.platform === 'win32' ? { exitCode: undefined } : stopped)
  })

  test('reports the signal that ended an action without a handler', async () => {
    await using action = await createToyAction(`
      setInterval(() => {}, 1000)
      console.log('uploading a.csv')
    `)

    const result = await runAction({ actionFolder: action.path, signalAfter: 'uploading' })

    expect(result).toMatchObject({ exitCode: undefined, signal: 'SIGINT' })
  })

  test('shows lines and commands of both streams as they come', async () => {
    await using action = await createToyAction(`
      console.log('one')
      console.error('::error::two')
    `)
    const seen: string[] = []

    await runAction({
      actionFolder: action.path,
      onLine: (line, command) => seen.push(command ? `<${command.data}>` : line),
    })

    expect(seen.toSorted()).toEqual(['<two>', 'one'])
  })
})

describe('expectNoToken', () => {
  const TOKEN = 'tok_abcdefghijkl'

  test('accepts the line that masks the token', async () => {
    await using action = await createToyAction(`console.log('::add-mask::${TOKEN}')`)

    const result = await runAction({ actionFolder: action.path })

    expect(result.masks).toEqual([TOKEN])
    expect(() => expectNoToken(result, TOKEN)).not.toThrow()
  })

  test.each([
    ['the log', `console.log('Bearer ${TOKEN}')`, 'stdout'],
    ['the error stream', `console.error('${TOKEN}')`, 'stderr'],
    ['the log, in hex', `console.log('${Buffer.from(TOKEN).toString('hex')}')`, 'stdout'],
    ['an output', `appendFileSync(process.env.GITHUB_OUTPUT, 'a=${TOKEN}\\n')`, 'outputs'],
    ['the state', `appendFileSync(process.env.GITHUB_STATE, 'a=${TOKEN}\\n')`, 'state'],
    ['the summary', `appendFileSync(process.env.GITHUB_STEP_SUMMARY, '${TOKEN}')`, 'summary'],
  ])('finds a token in %s', async (_, script, place) => {
    await using action = await createToyAction(script)

    const result = await runAction({ actionFolder: action.path })

    expect(() => expectNoToken(result, TOKEN)).toThrow(`The token stands in ${place}`)
  })
})
