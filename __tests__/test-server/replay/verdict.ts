import { readFile } from 'node:fs/promises'
import { readNative } from '../../../test-server/api/native-input.ts'
import { toNative } from '../../../test-server/api/native-json.ts'
import { checkPublishable, getDraft, toStored } from '../../../test-server/api/drafting.ts'
import { breaksIndexing } from '../../../test-server/metadata/effects.ts'
import { fromLegacy } from '../../../test-server/metadata/from-legacy.ts'
import { toLegacy } from '../../../test-server/metadata/to-legacy.ts'
import { toSettings } from '../../../test-server/options.ts'
import { EMPTY_METADATA, type Deposit } from '../../../test-server/state/deposit.ts'
import { createFile } from '../../../test-server/state/upload.ts'
import { World } from '../../../test-server/state/world.ts'
import { Refusal } from '../../../test-server/transport/answer.ts'
import { isObject, listAt, textAt, type Json } from '../../../test-server/transport/json.ts'
import { FIXTURES } from './sequence.ts'

/** What the real server did with one metadata object; see the README of the fixtures. */
export interface Case {
  readonly name: string
  readonly group: string
  readonly metadata: Json
  readonly put: Outcome
  readonly publish?: Outcome | null
  readonly dropped?: readonly string[]
  readonly dropped_empty?: readonly string[]
  readonly altered?: readonly { readonly field: string; readonly echo: unknown }[]
  readonly added?: readonly { readonly field: string; readonly echo: unknown }[]
  readonly order_changed?: readonly string[]
  readonly rehearsal?: readonly unknown[]
}

interface Outcome {
  readonly status: number
  readonly message?: string | null
  readonly errors?: readonly unknown[]
}

/** What this server does with the same object. */
export interface Observed {
  readonly put: Outcome
  readonly echo: Json | undefined
  readonly rehearsal: readonly unknown[] | 'crash' | undefined
  readonly publish: Outcome | undefined
}

interface Verdicts {
  readonly today: string
  readonly licences: Readonly<Record<string, string>>
  readonly languages: Readonly<Record<string, string>>
  readonly cases: readonly Case[]
}

export async function readVerdicts(): Promise<Verdicts> {
  return JSON.parse(await readFile(new URL('verdicts.json', FIXTURES), 'utf8')) as Verdicts
}

/** Writes out the stand-ins for huge values, and the deposit's own id. */
export function expand(value: unknown, id: number): unknown {
  if (typeof value === 'string') return value.replaceAll('{ID}', String(id))
  if (Array.isArray(value)) return value.map((item) => expand(item, id))
  if (!isObject(value)) return value
  const { repeat, times, before = '', after = '', numbered } = value
  if (typeof times === 'number' && typeof repeat === 'string' && numbered === undefined) {
    return `${String(before)}${repeat.repeat(times)}${String(after)}`
  }
  if (typeof times === 'number') {
    return Array.from({ length: times }, (_, index) => countUp(repeat, index))
  }
  const expanded = Object.entries(value).map(([key, item]) => [key, expand(item, id)] as const)
  return Object.fromEntries(
    expanded.map(([key, item]) => [key, key === 'recid' ? Number(item) : item]),
  )
}

function countUp(value: unknown, index: number): unknown {
  if (typeof value === 'string') return value.replace(/0$/, String(index))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, countUp(item, index)]))
}

const COMMUNITIES = ['eu', 'biosyslit', 'horizon-zen', 'alices-community', 'bobs-community']

/** A server's knowledge without a server: the cases share it, because DOIs must be unique. */
export function createWorld(today: string): World {
  const now = new Date(`${today}T12:00:00Z`)
  return new World({ ...toSettings({ communities: COMMUNITIES, workMs: 0 }), today: () => now })
}

/** Runs a step, and takes a refusal for an answer. */
function outcomeOf(work: () => void, success: number): Outcome {
  try {
    work()
    return { status: success, errors: [] }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { status, json } = error.answer
    return { status, message: textAt(json, 'message') ?? null, errors: listAt(json, 'errors') }
  }
}

function rehearse(world: World, deposit: Deposit): Observed['rehearsal'] {
  try {
    const body = toNative(world, deposit, 'draft')
    const { errors } = readNative(world, body, deposit)
    return errors.filter(({ field }) => !field.endsWith('.icon'))
  } catch (error) {
    if (error instanceof Refusal && error.answer.status === 500) return 'crash'
    throw error
  }
}

/** What the metadata rules make of a case: PUT, echo, rehearsal, publish. */
export function observe(world: World, { metadata }: Case): Observed {
  const deposit = world.createDeposit('alice', EMPTY_METADATA)
  const draft = getDraft(deposit)
  draft.bucket.files.set('data.txt', {
    ...createFile('data.txt', world.now()),
    status: 'completed',
    content: { id: '', size: 1, md5: '', bytes: undefined, path: undefined },
  })
  const put = outcomeOf(() => {
    const body = { metadata: expand(metadata, deposit.id) }
    draft.stored = toStored(world, fromLegacy(body, world.now()), draft.stored).stored
    if (breaksIndexing(draft.stored)) throw crashed
  }, 200)
  if (put.status !== 200) return { put, echo: undefined, rehearsal: undefined, publish: undefined }
  const echo = toLegacy(draft.stored)
  const rehearsal = rehearse(world, deposit)
  const publish = outcomeOf(() => checkPublishable(world, deposit, draft), 202)
  if (publish.status === 202) {
    const { stored, bucket, created, modified } = draft
    deposit.record = { stored, bucket, created, modified, keys: new Set(), revision: 1 }
  }
  const reserved = { doi: `10.5281/zenodo.${deposit.id}`, recid: deposit.id }
  return { put, echo: { ...echo, prereserve_doi: reserved }, rehearsal, publish }
}

const crashed = new Refusal({ status: 500 })
