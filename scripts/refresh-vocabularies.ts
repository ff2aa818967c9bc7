/**
 * Renews the vocabularies that Zenodo serves: `node scripts/refresh-vocabularies.ts [SERVER]`.
 * Writes src/metadata/vocabularies.json and says what changed; the parts that are kept by hand stay
 * (each says so itself). Then change the lists of schema/zenodo.schema.json alike: its test compares them.
 */
import { readFile, writeFile } from 'node:fs/promises'

const FILE = new URL('../src/metadata/vocabularies.json', import.meta.url)
const PAGE_SIZE = 1000

/** One entry of a vocabulary, as far as it matters here. */
interface Entry {
  readonly id: string
  readonly tags?: readonly string[]
}

type Vocabularies = Readonly<Record<string, unknown>>

/** The vocabularies with what the server serves today. */
export async function refresh(
  current: Vocabularies,
  server: string,
  today: Date,
): Promise<Vocabularies> {
  const types = await fetchEntries(server, 'resourcetypes')
  const idsWith = (tag: string) =>
    types.filter(({ tags = [] }) => tags.includes(tag)).map(({ id }) => id)
  const depositable = idsWith('depositable').toSorted()
  return {
    ...current,
    taken: today.toISOString().slice(0, 10),
    resourceTypes: depositable,
    linkableTypes: idsWith('linkable')
      .filter((id) => !depositable.includes(id))
      .toSorted(),
    relationTypes: await renew(current['relationTypes'], server, 'relationtypes'),
    contributorTypes: await renew(current['contributorTypes'], server, 'contributorsroles'),
    dateTypes: await renew(current['dateTypes'], server, 'datetypes'),
    licenses: await renewLicences(current['licenses'] as Vocabularies, server),
    languages: {
      ...(current['languages'] as Vocabularies),
      threeLetters: (await fetchIds(server, 'languages')).toSorted().join(' '),
    },
    programmingLanguages: (await fetchIds(server, 'code:programmingLanguages'))
      .toSorted()
      .join(' '),
    developmentStatuses: (await fetchIds(server, 'code:developmentStatus')).toSorted(),
  }
}

/** The server knows ids in lower case; the spelling that people know stays, new ones come as they are. */
async function renew(
  current: unknown,
  server: string,
  vocabulary: string,
): Promise<readonly string[]> {
  const known = current as readonly string[]
  const ids = await fetchIds(server, vocabulary)
  const kept = known.filter((spelling) => ids.includes(spelling.toLowerCase()))
  const keptIds = kept.map((spelling) => spelling.toLowerCase())
  return [...kept, ...ids.filter((id) => !keptIds.includes(id))]
}

/** Each id stands for itself; aliases stay while the id they mean is served. */
async function renewLicences(current: Vocabularies, server: string): Promise<Vocabularies> {
  const ids = await fetchIds(server, 'licenses')
  const aliases = Object.entries(current['accepted'] as Readonly<Record<string, string>>).filter(
    ([alias, id]) => alias !== id && ids.includes(id),
  )
  const accepted = [...ids.map((id) => [id, id] as const), ...aliases].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  return { ...current, accepted: Object.fromEntries(accepted) }
}

async function fetchIds(server: string, vocabulary: string): Promise<readonly string[]> {
  return (await fetchEntries(server, vocabulary)).map(({ id }) => id)
}

async function fetchEntries(server: string, vocabulary: string): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (let page = 1; ; page += 1) {
    const url = `${server}/api/vocabularies/${vocabulary}?size=${PAGE_SIZE}&page=${page}`
    const answer = await fetch(url, {
      headers: { Accept: 'application/vnd.inveniordm.v1+json, application/json;q=0.9' },
    })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`)
    const { hits } = (await answer.json()) as { hits: { hits: readonly Entry[]; total: number } }
    entries.push(...hits.hits)
    if (entries.length >= hits.total || hits.hits.length === 0) return entries
  }
}

if (import.meta.main) {
  const [server = 'https://zenodo.org'] = process.argv.slice(2)
  const before = await readFile(FILE, 'utf8')
  const after = await refresh(JSON.parse(before) as Vocabularies, server, new Date())
  await writeFile(FILE, `${JSON.stringify(after, null, 2)}\n`)
  console.log(
    'Written. See what changed: git diff src/metadata/vocabularies.json; then: npx prettier --write it.',
  )
}
