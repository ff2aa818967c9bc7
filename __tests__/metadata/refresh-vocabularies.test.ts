import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { refresh } from '../../scripts/refresh-vocabularies.ts'
import vocabularies from '../../src/metadata/vocabularies.json' with { type: 'json' }
import { TODAY } from './support.ts'

type Entries = readonly { readonly id: string; readonly tags?: readonly string[] }[]

const toEntries = (ids: readonly string[], tags: readonly string[] = []): Entries =>
  ids.map((id) => ({ id, tags }))

/** What a server has that agrees with the file. */
const SAME: Readonly<Record<string, Entries>> = {
  resourcetypes: [
    ...toEntries(vocabularies.resourceTypes, ['depositable', 'linkable']),
    ...toEntries(vocabularies.linkableTypes, ['linkable']),
  ],
  relationtypes: toEntries(vocabularies.relationTypes.map((id) => id.toLowerCase())),
  contributorsroles: toEntries(vocabularies.contributorTypes.map((id) => id.toLowerCase())),
  datetypes: toEntries(vocabularies.dateTypes.map((id) => id.toLowerCase())),
  licenses: toEntries([...new Set(Object.values(vocabularies.licenses.accepted))]),
  languages: toEntries(vocabularies.languages.threeLetters.split(' ')),
  'code:programmingLanguages': toEntries(vocabularies.programmingLanguages.split(' ')),
  'code:developmentStatus': toEntries(vocabularies.developmentStatuses),
}

/** Serves vocabularies in pages, as Zenodo does. */
async function serve(content: Readonly<Record<string, Entries>>) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    const entries = content[url.pathname.split('/').at(-1) ?? '']
    const [size, page] = ['size', 'page'].map((name) => Number(url.searchParams.get(name)))
    const from = ((page ?? 1) - 1) * (size ?? 0)
    const hits = { hits: entries?.slice(from, from + (size ?? 0)), total: entries?.length }
    response.writeHead(entries === undefined ? 404 : 200).end(JSON.stringify({ hits }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('refresh', () => {
  test('changes only the date where the server has the same', async () => {
    using server = await serve(SAME)

    const renewed = await refresh(vocabularies, server.url, TODAY)

    expect(renewed).toEqual({ ...vocabularies, taken: '2026-11-22' })
  })

  test('takes in what is new and leaves out what is gone', async () => {
    using server = await serve({
      ...SAME,
      datetypes: toEntries(['valid', 'embargoed']),
      licenses: toEntries(['mit', 'new-1.0']),
      languages: toEntries(['zzz', 'aaa']),
    })

    const renewed = await refresh(vocabularies, server.url, TODAY)

    expect(renewed['dateTypes']).toEqual(['Valid', 'embargoed'])
    expect(renewed['licenses']).toMatchObject({
      accepted: { mit: 'mit', 'mit-license': 'mit', 'new-1.0': 'new-1.0' },
    })
    expect(renewed['languages']).toMatchObject({ threeLetters: 'aaa zzz' })
  })

  test('stops where the server does not answer', async () => {
    using server = await serve({})

    await expect(refresh(vocabularies, server.url, TODAY)).rejects.toThrow('answered 404')
  })
})
