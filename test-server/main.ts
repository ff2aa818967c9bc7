import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { startZenodo, type ZenodoOptions } from './server.ts'

const USAGE = `Starts a Zenodo in this process: empty, in memory, until you stop it.

  --port N         port to listen on (any free one)
  --host HOST      address to listen on (127.0.0.1)
  --tokens FILE    JSON with a token for each user: {"alice": "…", "bob": "…"}
  --index-lag MS   how long lists and searches keep answering from the past (0)
  --latency MS     delay before every answer (0)
  --doi-prefix P   prefix of the DOIs it mints (10.5281)
  --quota BYTES    bytes a deposit may hold (50e9)
`

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  tokens: { type: 'string' },
  'index-lag': { type: 'string' },
  latency: { type: 'string' },
  'doi-prefix': { type: 'string' },
  quota: { type: 'string' },
  help: { type: 'boolean' },
} as const

function toNumber(name: string, text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !(number >= 0))
    throw new Error(`--${name} needs a number, not "${text}"`)
  return number
}

async function readTokens(file: string): Promise<Record<string, string>> {
  const tokens: unknown = JSON.parse(await readFile(file, 'utf8'))
  const entries = Object.entries(tokens ?? {}).map(([name, token]): [string, unknown] => [
    name,
    token,
  ])
  if (
    entries.length === 0 ||
    entries.some(([, token]) => typeof token !== 'string' || token === '')
  ) {
    throw new Error(`--tokens needs a JSON object of user names and tokens`)
  }
  return Object.fromEntries(entries) as Record<string, string>
}

async function toOptions(
  values: Readonly<Record<string, string | undefined>>,
): Promise<ZenodoOptions> {
  const number = (name: string): number | undefined => {
    const text = values[name]
    return text === undefined ? undefined : toNumber(name, text)
  }
  const { host, tokens, 'doi-prefix': doiPrefix } = values
  const given = {
    port: number('port'),
    host,
    tokens: tokens === undefined ? undefined : await readTokens(tokens),
    indexLagMs: number('index-lag'),
    latencyMs: number('latency'),
    doiPrefix,
    quotaBytes: number('quota'),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

async function main(): Promise<void> {
  const { help, ...values } = parseArgs({ options }).values
  if (help) {
    process.stdout.write(USAGE)
    return
  }
  const zenodo = await startZenodo(await toOptions(values))
  const users = Object.entries(zenodo.tokens).map(([name, token]) => `token of ${name}: ${token}\n`)
  process.stdout.write(`Zenodo listens on ${zenodo.url}\n${users.join('')}`)
  const stop = (): void => {
    void zenodo.close()
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  process.exitCode = 2
}
