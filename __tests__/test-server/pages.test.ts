import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { ask, createDeposit, createRecord, METADATA, toDeposit, upload } from './support/talk.ts'

describe('the page of a deposit', () => {
  test.each(['deposit', 'uploads', 'records', 'record'])('is found under /%s', async (folder) => {
    await using zenodo = await startZenodo()
    const { id } = await createRecord(zenodo)

    const page = await ask(zenodo, 'GET', `/${folder}/${id}`, { as: 'nobody' })

    expect(page.status).toBe(200)
    expect(page.text).toContain('<h1>A test dataset</h1>')
    expect(page.text).toContain(`DOI 10.5281/zenodo.${id}`)
    expect(page.text).toContain('Doe, Jane')
  })

  test('lists the files with sizes, checksums and links that work', async () => {
    await using zenodo = await startZenodo()
    const { id } = await createRecord(zenodo)

    const { text } = await ask(zenodo, 'GET', `/records/${id}`)

    expect(text).toContain('7 bytes<td><code>md5:9a0364b9e99bb480dd25e1f0284c8555</code>')
    const link = /href="([^"]+)"/.exec(text)?.[1] ?? ''
    expect((await ask(zenodo, 'GET', link, { as: 'nobody' })).text).toBe('content')
  })

  test('shows what a client wrote as text, never as markup', async () => {
    await using zenodo = await startZenodo()
    const title = '<script>alert("x")</script>'
    const deposit = await createDeposit(zenodo, { ...METADATA, title })
    await upload(zenodo, deposit, encodeURIComponent('"><img src=x>.txt'))

    const { text } = await ask(zenodo, 'GET', `/deposit/${deposit.id}`)

    expect(text).toContain('<h1>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</h1>')
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
  })

  test('of a concept leads to the latest version', async () => {
    await using zenodo = await startZenodo()
    const { id } = await createRecord(zenodo)

    const { status, headers } = await ask(zenodo, 'GET', `/records/${id - 1}`)

    expect([status, headers['location']]).toEqual([302, `/records/${id}`])
  })

  test('of nothing says so', async () => {
    await using zenodo = await startZenodo()

    expect((await ask(zenodo, 'GET', '/records/4711')).status).toBe(404)
  })

  test('of a draft says that it is one', async () => {
    await using zenodo = await startZenodo()
    const { path } = await createRecord(zenodo)
    const next = toDeposit(await ask(zenodo, 'POST', `${path}/actions/newversion`))

    const { text } = await ask(zenodo, 'GET', `/deposit/${next.id}`)

    expect(text).toContain('Draft, not published')
    expect(text).toContain('<td>data.txt<td>7 bytes')
  })
})
