import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { idsOf } from './support/replies.ts'
import {
  ask,
  createDeposit,
  createRecord,
  METADATA,
  publish,
  toDeposit,
  type TestDeposit,
  upload,
} from './support/talk.ts'

const LIST = '/api/deposit/depositions'

describe('the list of deposits', () => {
  test.each([
    ['by concept', (id: number) => `q=conceptrecid:${id - 1}`],
    ['by DOI without quotes', (id: number) => `q=doi:10.5281%2Fzenodo.${id}`],
    ['by DOI in quotes', (id: number) => `q=doi:%2210.5281%2Fzenodo.${id}%22`],
    ['by words of the title', () => 'q=title:%22test+dataset%22'],
    ['by two conditions', (id: number) => `q=recid:${id}%20AND%20is_published:true`],
    ['by either of two', (id: number) => `q=recid:1%20OR%20recid:${id}`],
    [
      'by a related address',
      () => 'q=metadata.related_identifiers.identifier:%22https://example.org/x%22',
    ],
    ['by the bare address in quotes', () => 'q=%22https://example.org/x%22'],
    ['by a range of dates', () => 'q=created:%5B2026-01-01%20TO%20*%5D'],
    [
      'by not being something else',
      (id: number) => `q=recid:${id}%20AND%20NOT%20is_published:false`,
    ],
    ['by words when the syntax is broken', () => 'q=title:%22dataset'],
    ['by all', () => 'q=*'],
  ])('finds a record %s', async (_words, toQuery) => {
    await using zenodo = await startZenodo()
    const related = [{ identifier: 'https://example.org/x', relation: 'isSupplementTo' }]
    const deposit = await createDeposit(zenodo, { ...METADATA, related_identifiers: related })
    await upload(zenodo, deposit, 'data.txt')
    await publish(zenodo, deposit)
    await ask(zenodo, 'POST', LIST, { as: 'bob', json: { metadata: METADATA } })

    const found = await ask(zenodo, 'GET', `${LIST}?${toQuery(deposit.id)}`)

    expect(idsOf(found)).toEqual([deposit.id])
  })

  test.each([
    ['an unknown field', 'q=nosuchfield:1'],
    ['the state', 'q=state:done'],
    ['a lone slash', 'q=/regex'],
    ['nothing but signs', 'q=)'],
    ['another title', 'q=title:other'],
  ])('finds nothing by %s', async (_words, query) => {
    await using zenodo = await startZenodo()
    await createRecord(zenodo)

    const found = await ask(zenodo, 'GET', `${LIST}?${query}`)

    expect(found).toMatchObject({ status: 200, json: [] })
  })

  test.each([
    ['a bare DOI', 'q=10.5281/zenodo.30', 'Invalid query string syntax.'],
    ['two colons', 'q=a:b:c', 'Invalid query string syntax.'],
    ['too large a page', 'size=101', 'A validation error occurred.'],
    ['an empty page', 'size=0', 'A validation error occurred.'],
    ['a size in words', 'size=abc', 'A validation error occurred.'],
    ['an unknown order', 'sort=bogus', 'A validation error occurred.'],
    ['a page too far', 'size=100&page=101', 'Invalid querystring parameters.'],
  ])('refuses %s', async (_words, query, message) => {
    await using zenodo = await startZenodo()

    const reply = await ask(zenodo, 'GET', `${LIST}?${query}`)

    expect(reply).toMatchObject({ status: 400, json: { message } })
  })

  test('hides the published version behind its pending next one, unless all are wanted', async () => {
    await using zenodo = await startZenodo()
    const { id, path } = await createRecord(zenodo)
    const next = toDeposit(await ask(zenodo, 'POST', `${path}/actions/newversion`))

    const latest = await ask(zenodo, 'GET', `${LIST}?q=conceptrecid:${id - 1}`)
    const all = await ask(
      zenodo,
      'GET',
      `${LIST}?q=conceptrecid:${id - 1}&all_versions=true&sort=version`,
    )

    expect(idsOf(latest)).toEqual([next.id])
    expect(idsOf(all)).toEqual([next.id, id])
  })

  test('shows drafts first, and records in the order in which they were indexed', async () => {
    await using zenodo = await startZenodo()
    const first = await createRecord(zenodo)
    const newVersion = async (): Promise<TestDeposit> =>
      toDeposit(await ask(zenodo, 'POST', `${first.path}/actions/newversion`))
    const query = `${LIST}?q=conceptrecid:${first.id - 1}&all_versions=true`
    const second = await newVersion()
    await publish(zenodo, second)
    const published = await ask(zenodo, 'GET', query)

    const third = await newVersion()

    expect(idsOf(published)).toEqual([second.id, first.id])
    expect(idsOf(await ask(zenodo, 'GET', query))).toEqual([third.id, first.id, second.id])
  })

  test('comes newest first, in pages', async () => {
    await using zenodo = await startZenodo()
    const ids = [
      await createDeposit(zenodo),
      await createDeposit(zenodo),
      await createDeposit(zenodo),
    ].map(({ id }) => id)

    const pages = [
      await ask(zenodo, 'GET', `${LIST}?size=2`),
      await ask(zenodo, 'GET', `${LIST}?size=2&page=2`),
    ]

    expect(pages.flatMap(idsOf)).toEqual(ids.toReversed())
  })
})
