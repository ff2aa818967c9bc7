import { checkPublisher } from '../metadata/draft-rules.ts'
import type { Deposit, StoredMetadata } from '../state/deposit.ts'
import type { World } from '../state/world.ts'
import { invalid, type FieldError } from '../transport/answer.ts'
import { objectAt, textAt, type Json } from '../transport/json.ts'
import { checkDoi, toStored } from './drafting.ts'

const PUBLIC = { record: 'public', files: 'public' }

/** What is wrong with a body besides its metadata. */
function checkOptions(body: Json, deposit: Deposit | undefined): readonly FieldError[] {
  if (textAt(objectAt(body, 'access'), 'record') === 'restricted') {
    const messages = ["You don't have permissions to manage record access."]
    throw invalid({ field: 'access', messages })
  }
  if (objectAt(body, 'files')['enabled'] === false) {
    const messages = ["You don't have permissions to manage files options."]
    return [{ field: 'files.enabled', messages }]
  }
  if (deposit?.draft && deposit.draft.bucket.files.size > 0) return []
  return [{ field: 'files.enabled', messages: ['Missing uploaded files.'] }]
}

function readDoi(body: Json): StoredMetadata['doi'] {
  const doi = objectAt(objectAt(body, 'pids'), 'doi')
  const identifier = textAt(doi, 'identifier')
  if (identifier === undefined || identifier === '') return undefined
  return { identifier, provider: textAt(doi, 'provider') ?? 'external' }
}

/** Reads a native body; what is wrong with its fields is told beside the saved draft. */
export function readNative(
  world: World,
  body: Json,
  deposit: Deposit | undefined,
): { stored: StoredMetadata; errors: readonly FieldError[] } {
  const input = {
    metadata: objectAt(body, 'metadata'),
    customFields: objectAt(body, 'custom_fields'),
    access: { ...PUBLIC, ...objectAt(body, 'access') },
    doi: readDoi(body),
  }
  const options = checkOptions(body, deposit)
  const { stored, errors } = toStored(world, input, undefined)
  const needsPublisher = stored.doi?.provider !== 'external'
  const publisher = needsPublisher ? checkPublisher(stored.metadata) : []
  const doi = deposit ? checkDoi(world, deposit, stored) : []
  return { stored, errors: [...errors, ...publisher, ...doi, ...options] }
}
