import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { main } from '../../scripts/check-metadata.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts'
import { BASE } from './support.ts'

let folder: TemporaryFolder

beforeEach(async () => {
  folder = await createTemporaryFolder()
})

afterEach(async () => {
  await folder[Symbol.asyncDispose]()
})

async function write(name: string, content: string | object): Promise<string> {
  return folder.write(
    name,
    typeof content === 'string' ? content : JSON.stringify(content, null, 2),
  )
}

async function run(...args: readonly string[]) {
  const lines: string[] = []
  const code = await main(args, (line) => lines.push(line))
  return { code, output: lines.join('\n') }
}

describe('check-metadata', () => {
  test('is content with good metadata', async () => {
    const file = await write('.zenodo.json', BASE)

    expect(await run(file)).toEqual({ code: 0, output: `${file}: nothing to complain about` })
  })

  test('prints findings as an editor reads them, and fails on errors', async () => {
    const file = await write('.zenodo.json', { ...BASE, language: 'ger', licence: 'MIT' })

    const { code, output } = await run(file)

    expect(code).toBe(1)
    expect(output.split('\n')).toEqual([
      expect.stringMatching(/\.zenodo\.json:14:15: error: language: "ger" is not/),
      expect.stringMatching(/\.zenodo\.json:15:14: warning: licence: Zenodo knows no field/),
    ])
  })

  test('does not fail on warnings', async () => {
    const file = await write('.zenodo.json', { ...BASE, licence: 'MIT' })

    expect((await run(file)).code).toBe(0)
  })

  test('prints JSON, an entry for each path in its order', async () => {
    const good = await write('good.json', BASE)
    const bad = await write(
      'CITATION.cff',
      'title: The\nauthors:\n  - name: A\n    orcid: x\nlicense: [MIT, ISC]\n',
    )

    const { code, output } = await run(good, '--json', bad)

    expect(code).toBe(1)
    expect(JSON.parse(output)).toEqual([
      { path: good, errors: [], warnings: [] },
      {
        path: bad,
        errors: [
          {
            field: 'authors.0.orcid',
            message: expect.stringContaining('"x"'),
            line: 4,
            column: 12,
          },
        ],
        warnings: [
          { field: 'license', message: expect.stringContaining('"MIT"'), line: 5, column: 10 },
        ],
      },
    ])
  })

  test.each([
    [[], 0],
    [['--publish'], 1],
  ])('with options %j and no title ends with %d', async (options, code) => {
    const file = await write('.zenodo.json', { description: '<p>x</p>' })

    expect((await run(...options, file)).code).toBe(code)
  })

  test('fails on a file that is not there', async () => {
    const { code, output } = await run('--json', folder.at('nope.json'))

    expect(code).toBe(1)
    expect(JSON.parse(output)).toMatchObject([{ errors: [{ line: 1, column: 1 }], warnings: [] }])
  })

  test.each([[[]], [['--publish']], [['--nonsense', 'x']]])(
    'explains itself when called with %j',
    async (args) => {
      const { code, output } = await run(...args)

      expect(code).toBe(2)
      expect(output).toContain('Usage: check-metadata')
    },
  )
})
