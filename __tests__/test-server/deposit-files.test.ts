import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { messageOf } from './support/replies.ts'
import { ask, createDeposit, upload } from './support/talk.ts'

describe('the files of a deposit', () => {
  test('a removed file is named as such, an unknown one is no address', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    const { json } = await ask(zenodo, 'GET', `${deposit.path}/files`)
    const { id } = (json as readonly { id: string }[])[0] ?? { id: '' }
    const path = `${deposit.path}/files/${id}`
    await ask(zenodo, 'DELETE', path)

    const again = await ask(zenodo, 'DELETE', path)
    const unknown = await ask(
      zenodo,
      'DELETE',
      `${deposit.path}/files/8c14d4eb-c7be-4353-9ed1-935e4c1d067b`,
    )

    expect(messageOf(again)).toBe(`404 Record '${deposit.id}' has no file 'data.txt'.`)
    expect(messageOf(unknown)).toMatch(/^404 The requested URL was not found/)
  })

  test('file sizes of the deposit-files list have a decimal point', async () => {
    await using zenodo = await startZenodo()
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt', 'content')

    const { text } = await ask(zenodo, 'GET', `${deposit.path}/files`)

    expect(text).toContain('"filesize":7.0,')
  })
})
