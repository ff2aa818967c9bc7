import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FileError } from '../errors.ts'

/** Runs git in a folder and returns what it prints. Throws a FileError in git's words. */
export type Git = (
  directory: string,
  args: readonly string[],
  options?: { readonly input?: string; readonly index?: string },
) => Promise<Buffer>

/** What git and its subprocesses need; nothing with a secret in it. */
const VARIABLES = new Set([
  ...['PATH', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'PATHEXT', 'COMSPEC', 'PROGRAMDATA'],
  // A partial clone fetches what it lacks.
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'SSL_CERT_FILE'],
])

/**
 * What makes a checkout the same everywhere. Links become small files with the target in them; LFS content is looked
 * up by us, because its filter may be missing, or ask the network.
 */
const SETTINGS = [
  ...['core.autocrlf=false', 'core.eol=lf', 'core.symlinks=false', 'core.longpaths=true'],
  ...['core.sparseCheckout=false', 'core.fsmonitor=false', 'advice.detachedHead=false'],
  ...[
    'filter.lfs.smudge=',
    'filter.lfs.clean=',
    'filter.lfs.process=',
    'filter.lfs.required=false',
  ],
]

/**
 * Makes a git with a home of its own: no setting of user or system plays in, and the checkout may belong to another
 * user, as it does in a job's container. (On the command line, git before 2.38 ignores `safe.directory`.)
 */
export async function createGit(options: {
  readonly home: string
  readonly environment: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}): Promise<Git> {
  const { home, signal } = options
  await writeFile(join(home, '.gitconfig'), '[safe]\n\tdirectory = *\n')
  const environment = {
    ...Object.fromEntries(
      Object.entries(options.environment).filter(([name]) => VARIABLES.has(name.toUpperCase())),
    ),
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  }
  return async (directory, args, { input = '', index } = {}) => {
    const env = { ...environment, ...(index !== undefined && { GIT_INDEX_FILE: index }) }
    const settings = SETTINGS.flatMap((setting) => ['-c', setting])
    return await run(['-C', directory, ...settings, ...args], { directory, env, input, signal })
  }
}

interface RunOptions {
  readonly directory: string
  readonly env: NodeJS.ProcessEnv
  readonly input: string
  readonly signal: AbortSignal
}

/** Ends only when git has: an abort stops it, and then nothing writes any more. */
async function run(args: readonly string[], options: RunOptions): Promise<Buffer> {
  const { directory, env, input, signal } = options
  signal.throwIfAborted()
  const running = promisify(execFile)('git', args, { env, encoding: 'buffer', maxBuffer: 2 ** 30 })
  const stop = () => running.child.kill()
  signal.addEventListener('abort', stop)
  // When git ends without reading everything, its exit code tells why.
  running.child.stdin?.on('error', () => undefined)
  running.child.stdin?.end(input)
  try {
    return (await running).stdout
  } catch (cause) {
    signal.throwIfAborted()
    throw toFileError(directory, cause)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function toFileError(directory: string, cause: unknown): FileError {
  const { code, stderr } = cause as { code?: unknown; stderr?: unknown }
  if (code === 'ENOENT') {
    return new FileError(directory, 'The source archive needs git, which is not installed here.', {
      hint: 'Install git before the step that checks the repository out: without it there is no commit to pack.',
      cause,
    })
  }
  const message = `git cannot read the checkout in "${directory}": ${brief(String(stderr))}`
  return new FileError(directory, message, { cause })
}

/** The last line git printed, without credentials in a URL. */
function brief(stderr: string): string {
  const [line = 'it does not say why.'] = stderr.trim().split('\n').slice(-1)
  return line.replaceAll(/\/\/[^/@\s]+@/gu, '//')
}
