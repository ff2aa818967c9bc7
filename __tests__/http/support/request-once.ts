import { DepositError } from '../../../src/errors.ts'
import { createHttp } from '../../../src/http/http.ts'
import { realClock } from '../../../src/lib/clock.ts'

/** A program of its own, since node reads NODE_EXTRA_CA_CERTS when it starts: one request to the origin of its argument, and what came of it as JSON. */
export interface Outcome {
  readonly status?: number
  readonly json?: unknown
  readonly name?: string
  readonly message?: string
  readonly hint?: string | undefined
}

async function requestOnce(origin: string, token: string): Promise<Outcome> {
  await using http = createHttp({
    origin,
    token,
    userAgent: 'zenodo-deposit/test',
    retries: 0,
    clock: realClock,
    env: process.env,
  })
  const { signal } = new AbortController()
  try {
    const { status, json } = await http.send({ method: 'GET', path: '/api', repeat: true }, signal)
    return { status, json }
  } catch (error) {
    if (!(error instanceof DepositError)) throw error
    const { name, message, hint } = error
    return { name, message, hint }
  }
}

const [, , origin = '', token = ''] = process.argv
process.stdout.write(JSON.stringify(await requestOnce(origin, token)))
