import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { DepositError, DoubtfulPublishError } from '../../../src/errors.ts'
import {
  startZenodo,
  type DepositView,
  type ReceivedRequest,
  type Zenodo,
} from '../../../test-server/server.ts'
import { runDeposit, type DepositRunEnd } from '../../support/deposit-run.ts'
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts'
import type { Deed, Named, Run, Trouble } from './history.ts'
import { toFaults, toInputs, toMetadata } from './inputs.ts'
import {
  checkFiles,
  fingerprint,
  isDraftOf,
  isTag,
  listing,
  must,
  portrait,
  toContent,
  toWords,
  wantedFiles,
} from './invariants.ts'

export interface Executed {
  readonly run: Run
  /** The value of `deposit-id`; it stays when the run is repeated. */
  readonly depositId: string | undefined
  /** The record that it has made. */
  record?: string | undefined
}

/** A server with its history, seen from the repository. */
export class Side implements AsyncDisposable {
  readonly zenodo: Zenodo
  readonly executed: Executed[] = []
  readonly log: string[] = []
  isPublishedByHand = false
  readonly #workspace: TemporaryFolder
  readonly #indexLagMs: number
  /** Versions published by runs: identity, concept, version recorded. */
  readonly #published: { identity: string; conceptId: number; version: unknown }[] = []
  /** Who made a draft or worked on it. */
  readonly #hands = new Map<number, Set<string>>()
  /** Next versions that a person has begun, and nothing more. */
  readonly #untouched = new Set<number>()
  /** Where the runs of one identity with one title and without deposit-id end. */
  readonly #homes = new Map<string, number>()

  constructor(zenodo: Zenodo, workspace: TemporaryFolder, indexLagMs: number) {
    this.zenodo = zenodo
    this.#workspace = workspace
    this.#indexLagMs = indexLagMs
  }

  static async start(indexLagMs: number): Promise<Side> {
    const zenodo = await startZenodo({ workMs: 0, indexLagMs })
    return new Side(zenodo, await createTemporaryFolder(), indexLagMs)
  }

  /** Nobody runs two steps within a second, which is how long lists lag. */
  async rest(): Promise<void> {
    if (this.#indexLagMs > 0) await sleep(this.#indexLagMs + 2)
  }

  deposits(): readonly DepositView[] {
    return this.zenodo.deposits()
  }

  portraits(): readonly string[] {
    return this.deposits().map(portrait)
  }

  /** The value of `deposit-id`; undefined if there is nothing to be named. */
  name(named: Named | undefined): string | undefined {
    if (named === undefined) return undefined
    const isRecord = named.what === 'record'
    const fitting = this.deposits().filter(({ submitted }) => submitted === isRecord)
    const chosen = fitting[named.pick % fitting.length]
    if (chosen === undefined) return undefined
    const doi = chosen.doi ?? chosen.reservedDoi
    if (named.as === 'doi' && doi !== undefined) return doi
    return String(named.as === 'concept' ? chosen.conceptId : chosen.id)
  }

  /** Runs the step once and checks all that can be said of a single run. */
  async run(
    executed: Executed,
    trouble: readonly Trouble[],
    isDry = false,
  ): Promise<DepositRunEnd> {
    const { run, depositId } = executed
    await this.#checkOut(run)
    const before = this.deposits()
    const from = this.zenodo.requests.length
    const controller = new AbortController()
    for (const one of trouble)
      for (const fault of toFaults(one, controller)) this.zenodo.fault(fault)
    const end = await runDeposit({
      url: this.zenodo.url,
      token: this.zenodo.tokens['alice'] ?? '',
      workspace: this.#workspace.path,
      inputs: toInputs(run, depositId, isDry),
      ...(isTag(run.identity) ? { tag: run.identity } : { env: { GITHUB_RUN_ID: run.identity } }),
      signal: controller.signal,
      stallMs: 5000,
    })
    this.zenodo.clearFaults()
    this.log.push(`    ${isDry ? 'dry ' : ''}run of ${run.identity} → ${toWords(end)}`)
    if (trouble.length > 0) await this.#settle()
    const requests = this.zenodo.requests.slice(from)
    if (isDry) this.#checkDry(before, requests)
    else this.#checkRun(executed, { end, before, requests, isAborted: controller.signal.aborted })
    return end
  }

  /** I10: what was on its way arrives, and then nothing comes any more. */
  async #settle(): Promise<void> {
    await sleep(4)
    const count = this.zenodo.requests.length
    await sleep(3)
    must(this.zenodo.requests.length === count, 'I10', () => 'requests after the end of the run')
  }

  async #checkOut({ metadata, files = {} }: Run): Promise<void> {
    const workspace = this.#workspace
    await rm(workspace.at('data'), { recursive: true, force: true })
    await rm(workspace.at('.zenodo.json'), { force: true })
    for (const [key, n] of Object.entries(files)) {
      await workspace.write(`data/${key}`, toContent(key, n))
    }
    if (metadata.from === 'file') {
      await workspace.write('.zenodo.json', JSON.stringify(toMetadata(metadata)))
    }
  }

  #checkDry(before: readonly DepositView[], requests: readonly ReceivedRequest[]): void {
    const writes = requests.filter(({ method }) => method !== 'GET')
    must(writes.length === 0, 'I11', () => `a dry run sent ${String(writes[0]?.method)}`)
    const same = before.map(fingerprint).join() === this.deposits().map(fingerprint).join()
    must(same, 'I11', () => 'a dry run changed something')
  }

  #checkRun(executed: Executed, done: Done): void {
    const { run } = executed
    const { end, before } = done
    const after = this.deposits()
    const known = new Map(before.map((view) => [view.id, view]))
    const touched = after.filter((view) => {
      const old = known.get(view.id)
      return old === undefined || fingerprint(old) !== fingerprint(view)
    })
    for (const { id } of before) {
      must(
        after.some((view) => view.id === id),
        'I7',
        () => `deposit ${id} vanished`,
      )
    }
    this.#checkTouched(executed, touched, known)
    this.#checkPublications(executed, touched, known)
    this.#checkAccess(run, touched, before)
    this.#checkUploads(run, done)
    if (end.error === undefined) this.#checkOutputs(run, end, known)
    else this.#checkFailure(done)
    for (const { id, conceptId } of touched) {
      // A draft that is named becomes that of the run as well, under its title.
      const hands =
        executed.depositId === undefined ? [undefined] : [...this.#handsOf(id), run.identity]
      for (const identity of hands) this.leaveHome({ conceptId, identity })
      this.#handsOf(id).add(run.identity)
    }
    if (end.error === undefined && executed.depositId === undefined) this.#checkHome(run, end)
  }

  #handsOf(id: number): Set<string> {
    const hands = this.#hands.get(id) ?? new Set()
    this.#hands.set(id, hands)
    return hands
  }

  /** I7: what belongs to somebody else is left alone. */
  #checkTouched(
    { run, depositId }: Executed,
    touched: readonly DepositView[],
    known: ReadonlyMap<number, DepositView>,
  ): void {
    for (const view of touched) {
      const old = known.get(view.id)
      if (old === undefined) continue
      const isMine = this.#handsOf(view.id).has(run.identity)
      const isNamed = depositId !== undefined && this.#isOf(depositId, view.conceptId)
      const isNobodys = this.#untouched.has(view.id) && this.#handsOf(view.id).size === 0
      must(
        isMine || isNamed || isNobodys,
        'I7',
        () =>
          `${run.identity} changed ${view.id}, which is ${[...this.#handsOf(view.id)].join()}'s`,
      )
      const isOfStep = isNamed || isNobodys || old.submitted || isDraftOf(run, old)
      must(isOfStep, 'I7', () => `${run.identity} took ${view.id}, a draft of another step`)
      // Named is one version: another draft of its concept is only touched as its next version.
      const isOtherDraft = !old.submitted && isNamed && !this.#means(depositId, view)
      const follows = [...known.values()].some(
        ({ conceptId, submitted }) => conceptId === view.conceptId && submitted,
      )
      must(!isOtherDraft || follows, 'I7', () => `${view.id} is no next version`)
      const isMetadataOnly = run.inputs['if-published'] === 'update-metadata'
      must(!old.submitted || isMetadataOnly, 'I7', () => `record ${view.id} was changed`)
      const isMeant = !old.submitted || this.#isMeant(depositId, view, isMine)
      must(isMeant, 'I7', () => `record ${view.id} was corrected, and another was named`)
      must(
        !old.submitted || listing(old.files) === listing(view.files),
        'I3',
        () => `files of record ${view.id} changed`,
      )
    }
  }

  #isOf(depositId: string, conceptId: number): boolean {
    const id = Number(depositId.split('zenodo.').at(-1))
    return (
      id === conceptId ||
      this.deposits().some((view) => view.id === id && view.conceptId === conceptId)
    )
  }

  /** A correction is of the version that is named, or the latest of the concept, or one's own. */
  #isMeant(depositId: string | undefined, view: DepositView, isMine: boolean): boolean {
    if (depositId === undefined) return isMine
    const id = Number(depositId.split('zenodo.').at(-1))
    return id === view.id || id === view.conceptId
  }

  #means(depositId: string | undefined, { id, conceptId }: DepositView): boolean {
    const named = Number(depositId?.split('zenodo.').at(-1))
    return named === id || named === conceptId
  }

  /** I1 and I3: one publication for each identity and concept, of files of one run. */
  #checkPublications(
    { run, depositId }: Executed,
    touched: readonly DepositView[],
    known: ReadonlyMap<number, DepositView>,
  ): void {
    const news = touched.filter(
      ({ id, submitted }) => submitted && known.get(id)?.submitted !== true,
    )
    must(news.length <= 1, 'I1', () => 'one run published two versions')
    must(news.length === 0 || run.inputs['publish'] === 'true', 'I5', () => 'published, untold')
    for (const view of news) {
      const version = view.metadata['version']
      const again = this.#published.some(
        (one) =>
          one.identity === run.identity &&
          one.conceptId === view.conceptId &&
          (isTag(run.identity) || one.version === version),
      )
      // A draft that is named itself, or was filled by the same tag, is meant, whatever was published before.
      const isMeant =
        known.get(view.id)?.submitted === false &&
        (this.#means(depositId, view) || this.#handsOf(view.id).has(run.identity))
      must(!again || isMeant, 'I1', () => `${run.identity} published twice: ${view.id}`)
      this.#published.push({ identity: run.identity, conceptId: view.conceptId, version })
      checkFiles(run, view, 'I3')
    }
  }

  /** I8: nothing is opened by omission. */
  #checkAccess(run: Run, touched: readonly DepositView[], before: readonly DepositView[]): void {
    if (run.metadata.from !== 'nowhere' && run.metadata.access !== undefined) return
    for (const view of touched) {
      const old =
        before.find(({ id }) => id === view.id) ??
        // What a next version begins with is published; an edit shows what is not.
        before.findLast(({ conceptId, state }) => conceptId === view.conceptId && state === 'done')
      const isOpened =
        old?.metadata['access_right'] === 'restricted' && view.metadata['access_right'] === 'open'
      must(!isOpened, 'I8', () => `${view.id} was opened`)
    }
  }

  /** I9: what a draft, or the version before it, has already is not sent again. */
  #checkUploads(run: Run, { before, requests }: Done): void {
    const isWanted = new Set(wantedFiles(run).map(({ key, checksum }) => `${key} ${checksum}`))
    for (const { method, path, bytesReceived } of requests) {
      if (method !== 'PUT' || !path.startsWith('/api/files/') || bytesReceived === 0) continue
      const [, , , bucket = '', key = ''] = path.split('/')
      const draft = before.find((view) => view.bucket === bucket)
      const made = this.deposits().find((view) => view.bucket === bucket)
      const latest = before.findLast((view) => view.submitted && view.conceptId === made?.conceptId)
      const isEmptyNext = draft === undefined || draft.files.length === 0
      const source = isEmptyNext ? latest?.files : draft.files
      const stored = source?.find((file) => file.key === key)
      const isThere = stored !== undefined && isWanted.has(`${key} ${stored.checksum}`)
      must(!isThere, 'I9', () => `${key} was there already and was sent again`)
    }
  }

  /** I4: what a run that succeeded says is what the server has. */
  #checkOutputs(
    run: Run,
    { outputs, result, log }: DepositRunEnd,
    known: ReadonlyMap<number, DepositView>,
  ): void {
    const view = this.zenodo.deposit(outputs['deposit-id'] ?? '')
    must(view !== undefined, 'I4', () => `no deposit ${String(outputs['deposit-id'])}`)
    if (view === undefined) return
    const says = (name: string, told: unknown, is: unknown): void =>
      must(
        told === is,
        'I4',
        () => `${name} is ${String(is)}, and ${String(told)} is told (${String(outputs.state)})`,
      )
    const isPublic = outputs.state === 'published' || outputs.state === 'unchanged'
    says('state', outputs.state, result?.state)
    says('published', outputs.published, String(view.submitted))
    // An edit that is not published yet is a draft of what is public.
    says(
      'public',
      isPublic,
      view.submitted && (view.state === 'done' || outputs.state === 'unchanged'),
    )
    says('concept-id', outputs['concept-id'], String(view.conceptId))
    says('doi', outputs.doi, view.submitted ? view.doi : view.reservedDoi)
    says('version', outputs.version, view.metadata['version'] ?? '')
    const told = JSON.parse(outputs.files ?? '[]') as {
      key: string
      checksum: string
      action: string
    }[]
    says('files', listing(told.filter(({ action }) => action !== 'removed')), listing(view.files))
    if (run.inputs['publish'] === 'true') says('publish', isPublic, true)
    else
      says(
        'publish',
        outputs.state === 'published' && known.get(view.id)?.submitted !== true,
        false,
      )
    const isCorrection = log.some((line) => line.startsWith('Editing the metadata'))
    if (!isCorrection) checkFiles(run, view, 'I4')
  }

  /** I2: runs of one identity and title come together. */
  #checkHome({ identity, metadata }: Run, { outputs }: DepositRunEnd): void {
    const name = `${identity} ${metadata.from === 'nowhere' ? '' : metadata.title}`
    const conceptId = Number(outputs['concept-id'])
    const home = this.#homes.get(name)
    const exists = this.deposits().some((view) => view.conceptId === home)
    must(
      home === undefined || !exists || home === conceptId,
      'I2',
      () => `${name} was ${String(home)}, and is ${conceptId}`,
    )
    // What is taken for its own although it has another title may be something else the next time.
    const title = this.zenodo.deposit(outputs['deposit-id'] ?? '')?.metadata['title']
    if (title === (metadata.from === 'nowhere' ? undefined : metadata.title)) {
      this.#homes.set(name, conceptId)
    }
  }

  /** What its runs left there may not be found again, or something newer in its place. */
  leaveHome({ conceptId, identity }: { conceptId: number; identity?: string | undefined }): void {
    for (const [name, home] of this.#homes) {
      if (home === conceptId || name.split(' ')[0] === identity) this.#homes.delete(name)
    }
  }

  /** I5: a failure is one that is told on purpose, and claims nothing. */
  #checkFailure({ end: { error, outputs, log }, isAborted }: Done): void {
    must(isAborted || error instanceof DepositError, 'I5', () => `unexpected: ${String(error)}`)
    const isPublic = this.zenodo.deposit(outputs['deposit-id'] ?? '')?.submitted
    must(
      outputs.published !== 'true' || isPublic === true,
      'I5',
      () => 'called published, and is not',
    )
    const isDoubtful =
      error instanceof DoubtfulPublishError || (isAborted && log.includes('# Publishing'))
    must(
      isDoubtful || outputs.published !== 'false' || isPublic === false,
      'I5',
      () => 'called unpublished, and is not',
    )
  }

  /** A person's work in the browser. */
  async act({ deed, pick }: Deed): Promise<void> {
    const isRecord = deed.startsWith('begin')
    const fitting = this.deposits().filter((view) => view.submitted === isRecord)
    const chosen = fitting[pick % fitting.length]
    if (chosen === undefined) return
    const { id, conceptId } = chosen
    this.log.push(`    ${deed}: ${id}`)
    const before = new Set(this.deposits().map((view) => view.id))
    const depositions = `/api/deposit/depositions/${id}`
    switch (deed) {
      case 'publish a draft':
        await this.#call('POST', `${depositions}/actions/publish`)
        this.isPublishedByHand = true
        break
      case 'delete a draft':
        await this.#call('DELETE', depositions)
        break
      case 'retitle a draft':
        await this.#retitle(id)
        this.leaveHome({ conceptId })
        break
      case 'add a file':
        await this.#call('PUT', `/api/files/${chosen.bucket}/by-hand`, 'by hand\n')
        break
      case 'begin a next version':
        await this.#call('POST', `/api/records/${id}/versions`)
        break
      case 'begin a next version with the files':
        await this.#call('POST', `${depositions}/actions/newversion`)
        break
      case 'begin an edit':
        await this.#call('POST', `${depositions}/actions/edit`)
        break
    }
    // A next version that is begun, and nothing more, is nobody's work yet.
    for (const view of this.deposits()) {
      if (!isRecord && view.id === id) this.#handsOf(view.id).add('a person')
      if (!before.has(view.id)) this.#untouched.add(view.id)
    }
  }

  async #retitle(id: number): Promise<void> {
    const path = `/api/records/${id}/draft`
    const native = (await this.#call('GET', path)) as { metadata: object }
    const metadata = { ...native.metadata, title: 'By hand' }
    await this.#call('PUT', path, JSON.stringify({ ...native, metadata }))
  }

  async #call(method: string, path: string, body?: string): Promise<unknown> {
    const isFile = path.startsWith('/api/files/')
    const answer = await fetch(`${this.zenodo.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.zenodo.tokens['alice'] ?? ''}`,
        accept: path.startsWith('/api/records')
          ? 'application/vnd.inveniordm.v1+json, application/json;q=0.9'
          : '*/*',
        connection: 'close',
        ...(body !== undefined && {
          'content-type': isFile ? 'application/octet-stream' : 'application/json',
        }),
      },
      ...(body !== undefined && { body }),
    })
    const text = await answer.text()
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.zenodo.close()
    await this.#workspace[Symbol.asyncDispose]()
  }
}

interface Done {
  readonly end: DepositRunEnd
  readonly before: readonly DepositView[]
  readonly requests: readonly ReceivedRequest[]
  readonly isAborted: boolean
}
