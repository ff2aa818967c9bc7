import { expect } from '@jest/globals'
import { InputError } from '../../../src/errors.ts'
import { startZenodo, type Zenodo, type ZenodoOptions } from '../../../test-server/server.ts'
import { runDeposit, type DepositRun, type DepositRunEnd } from '../../support/deposit-run.ts'
import type { TemporaryFolder } from '../../support/temporary-folder.ts'
import { createDataWorkspace, METADATA } from '../../support/workspace.ts'

export const FILES = { 'data/a.csv': 'time,level\n1,2\n', 'data/b.csv': 'time,level\n3,4\n' }

/** A server and a workspace, and runs of the step on them. */
export class Stage implements AsyncDisposable {
  readonly zenodo: Zenodo
  readonly workspace: TemporaryFolder

  constructor(zenodo: Zenodo, workspace: TemporaryFolder) {
    this.zenodo = zenodo
    this.workspace = workspace
  }

  run(inputs: DepositRun['inputs'], more: Partial<DepositRun> = {}): Promise<DepositRunEnd> {
    const { url, tokens } = this.zenodo
    const base = { url, token: tokens['alice'] ?? '', workspace: this.workspace.path }
    return runDeposit({ ...base, ...more, inputs })
  }

  /** Publishes `data/*` as version 1 and returns its outputs. */
  async publishFirst(more: Partial<DepositRun> = {}): Promise<DepositRunEnd['outputs']> {
    const end = await this.run(
      { files: 'data/*', publish: 'true', version: '1' },
      { tag: 'v1', ...more },
    )
    expect(end.error).toBeUndefined()
    return end.outputs
  }

  /** Requests that wrote since the request number `from`. */
  writesSince(from: number): readonly string[] {
    return this.zenodo.requests
      .slice(from)
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`)
  }

  filesOf(id: string | undefined): readonly string[] {
    return (this.zenodo.deposit(id ?? '')?.files ?? []).map(({ key }) => key).toSorted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.zenodo.close()
    await this.workspace[Symbol.asyncDispose]()
  }
}

export async function setStage(
  options: {
    files?: Readonly<Record<string, string | Buffer>>
    metadata?: unknown
    server?: ZenodoOptions
  } = {},
): Promise<Stage> {
  const metadata = 'metadata' in options ? options.metadata : METADATA
  return new Stage(
    await startZenodo(options.server),
    await createDataWorkspace(options.files ?? FILES, metadata),
  )
}

/** What the user reads of a run that failed. */
export const problemsOf = ({ error }: DepositRunEnd): string =>
  error instanceof InputError
    ? error.issues.map(({ problem }) => problem).join('\n')
    : String(error)
