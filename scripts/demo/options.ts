import { parseArgs } from 'node:util'

/** What a person asked the demo to do. */
export interface DemoOptions {
  readonly help: boolean
  /** A person's own patterns; empty for the data of this project. */
  readonly files: readonly string[]
  readonly keepRunning: boolean
  readonly publish: boolean
  /** The token for the real sandbox; `undefined` for the test server. */
  readonly sandboxToken: string | undefined
}

/** The command line is not one the demo knows. The message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const HELP = `Runs the action as a GitHub runner would, and shows what it makes.

  npm run demo                                    the data of examples/, against a test server
  npm run demo -- --files 'my/**' --keep-running  your own files; the server stays up to look at
  npm run demo -- --sandbox                       a draft at sandbox.zenodo.org; needs ZENODO_TOKEN

  --files PATTERN   files to upload, from the folder you are in; may be repeated; keep the quotes
                    (npm --prefix CHECKOUT run demo -- … works from any folder)
  --keep-running    keep the test server up until Ctrl-C, to open the link in a browser
  --sandbox         use the real sandbox.zenodo.org with the token in ZENODO_TOKEN
  --publish         publish on the sandbox too (on the test server the demo always does)
  --help            this text`

const TOKEN_PAGE = 'https://sandbox.zenodo.org/account/settings/applications/tokens/new/'

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the command line; throws `UsageError` with a way out. */
export function parseDemoOptions(args: readonly string[], env: Environment): DemoOptions {
  const { values, positionals } = parse(args)
  refuseSwallowedOptions(env)
  if (positionals.length > 0) throw new UsageError(adviceOn(positionals[0] ?? ''))
  const token = values.sandbox ? requireToken(env) : undefined
  return {
    help: values.help,
    files: values.files,
    keepRunning: values['keep-running'],
    publish: values.publish || !values.sandbox,
    sandboxToken: token,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        files: { type: 'string', multiple: true, default: [] },
        'keep-running': { type: 'boolean', default: false },
        sandbox: { type: 'boolean', default: false },
        publish: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${problem}\n\n${HELP}`, { cause: error })
  }
}

/** `npm run demo --sandbox`, without `--`, gives the option to npm, which keeps it to itself. */
function refuseSwallowedOptions(env: Environment): void {
  const names = ['files', 'keep_running', 'sandbox', 'publish']
  const swallowed = names.find((name) => env[`npm_config_${name}`] !== undefined)
  if (swallowed === undefined) return
  const option = `--${swallowed.replace('_', '-')}`
  throw new UsageError(
    `npm took ${option} for its own. Put -- before it: npm run demo -- ${option}`,
  )
}

function adviceOn(positional: string): string {
  return (
    `What is "${positional}"? Files are given as --files 'PATTERN', in quotes, ` +
    'so that the shell leaves the pattern to the action.'
  )
}

function requireToken(env: Environment): string {
  const token = env['ZENODO_TOKEN']
  if (token !== undefined && token !== '') return token
  throw new UsageError(
    'ZENODO_TOKEN is not set. Make a token with the scopes deposit:write and deposit:actions at\n' +
      `  ${TOKEN_PAGE}\nthen: ZENODO_TOKEN=… npm run demo -- --sandbox`,
  )
}
