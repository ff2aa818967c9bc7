import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { fieldsOf, put } from './support/replies.ts'
import { ask, createDeposit, METADATA, publish, upload } from './support/talk.ts'

describe('a DOI', () => {
  test.each([
    ['of the deposit itself', (id: number) => `10.5281/zenodo.${id}`, []],
    ['of another deposit, which is a trap', () => '10.5281/zenodo.999999', []],
    ['of the sandbox', () => '10.5072/zenodo.5', []],
    ['that is none', () => 'not a doi', ['pids.doi: Invalid DOI']],
    [
      'of the deposit as an address',
      (id: number) => `https://doi.org/10.5281/zenodo.${id}`,
      [
        "pids.doi: The prefix '10.5281' is managed by Zenodo. Please supply an external DOI or select 'No' to have a DOI generated for you.",
      ],
    ],
  ])('%s', async (_words, toDoi, expected) => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    const doi = toDoi(deposit.id)
    await put(zenodo, deposit, { ...METADATA, doi })

    const published = await publish(zenodo, deposit)

    expect(fieldsOf(published)).toEqual(expected)
    expect(published.status).toBe(expected.length === 0 ? 202 : 400)
  })

  test.each([
    [
      'what the sandbox shows as reserved',
      '10.5281',
      'pids.doi: Wrong DOI 10.5281 prefix provided, it should be 10.5072 as defined in the rest client',
    ],
    [
      'what the sandbox would mint',
      '10.5072',
      "pids.doi: The prefix '10.5072' is managed by Zenodo. Please supply an external DOI or select 'No' to have a DOI generated for you.",
    ],
  ])('is refused when it is %s', async (_words, prefix, expected) => {
    await using zenodo = await startZenodo({ doiPrefix: '10.5072' })
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    await ask(zenodo, 'POST', `/api/records/${deposit.id}/draft/pids/doi`)
    await put(zenodo, deposit, { ...METADATA, doi: `${prefix}/zenodo.${deposit.id}` })

    expect(fieldsOf(await publish(zenodo, deposit))).toEqual([expected])
  })
})
