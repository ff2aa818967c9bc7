import { startZenodo, type Zenodo, type ZenodoOptions } from '../../../test-server/server.ts'
import type { Http } from '../../../src/http/http.ts'
import { Client } from '../../../src/zenodo/client.ts'
import { FakeClock } from '../../http/support/fake-clock.ts'
import { createTestHttp } from '../../http/support/test-http.ts'
import {
  ask,
  createDeposit,
  publish,
  toDeposit,
  upload,
  type TestDeposit,
} from '../../test-server/support/talk.ts'

export const MARK = 'https://github.com/owner/repo/tree/v1.0'
export const METADATA = {
  title: 'A test dataset',
  upload_type: 'dataset',
  creators: [{ name: 'Doe, Jane' }],
  publication_date: '2026-01-15',
} as const

/** A server, and a client of it for each user; every wait is skipped. */
export class Stage implements AsyncDisposable {
  readonly zenodo: Zenodo
  readonly clock = new FakeClock()
  readonly #connections: Http[] = []

  private constructor(zenodo: Zenodo) {
    this.zenodo = zenodo
  }

  static async open(options: ZenodoOptions = {}): Promise<Stage> {
    return new Stage(await startZenodo(options))
  }

  /** A client with the token of this user, or with one that nobody has. */
  clientOf(user = 'alice'): Client {
    const token = this.zenodo.tokens[user] ?? 'token-of-nobody'
    const http = createTestHttp(this.zenodo.url, { token, clock: this.clock, retries: 2 })
    this.#connections.push(http)
    return new Client(http)
  }

  /** A draft with this metadata beside the usual. */
  createDraft(metadata: Readonly<Record<string, unknown>> = {}): Promise<TestDeposit> {
    return createDeposit(this.zenodo, { ...METADATA, ...metadata })
  }

  async createRecord(metadata: Readonly<Record<string, unknown>> = {}): Promise<TestDeposit> {
    const draft = await this.createDraft(metadata)
    await upload(this.zenodo, draft, 'data.txt')
    await publish(this.zenodo, draft)
    return draft
  }

  /** The draft of the next version, with the files of this one. */
  async createNextDraft({ path }: TestDeposit): Promise<TestDeposit> {
    return toDeposit(await ask(this.zenodo, 'POST', `${path}/actions/newversion`))
  }

  async publish(deposit: TestDeposit): Promise<void> {
    await publish(this.zenodo, deposit)
  }

  conceptOf({ id }: TestDeposit): string {
    return String(this.zenodo.deposit(id)?.conceptId)
  }

  /** Requests of this kind that arrived. */
  count(method: string, path: RegExp): number {
    const { requests } = this.zenodo
    return requests.filter((one) => one.method === method && path.test(one.path)).length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const http of this.#connections) await http[Symbol.asyncDispose]()
    await this.zenodo.close()
  }
}

export const marked = (identifier = MARK): Readonly<Record<string, unknown>> => ({
  related_identifiers: [{ identifier, relation: 'isSupplementTo', scheme: 'url' }],
})
