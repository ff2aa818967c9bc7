import { describe, expect, test } from '@jest/globals'
import { startZenodo, type Zenodo } from '../../test-server/server.ts'
import { messageOf, put } from './support/replies.ts'
import {
  ask,
  createDeposit,
  createRecord,
  METADATA,
  publish,
  upload,
  type TestDeposit,
} from './support/talk.ts'

describe('a community review', () => {
  async function submit(zenodo: Zenodo): Promise<TestDeposit> {
    const deposit = await createDeposit(zenodo)
    await upload(zenodo, deposit, 'data.txt')
    const path = `/api/records/${deposit.id}/draft`
    const { json } = await ask(zenodo, 'GET', '/api/communities/eu')
    const community = (json as { id: string }).id
    const review = { receiver: { community }, type: 'community-submission' }
    await ask(zenodo, 'PUT', `${path}/review`, { json: review })
    await ask(zenodo, 'POST', `${path}/actions/submit-review`, { json: {} })
    return deposit
  }

  test('blocks publishing and deleting, but neither updates nor uploads', async () => {
    await using zenodo = await startZenodo({ communities: ['eu'] })
    const deposit = await submit(zenodo)

    const replies = [
      await publish(zenodo, deposit),
      await ask(zenodo, 'DELETE', deposit.path),
      await put(zenodo, deposit, METADATA),
      await upload(zenodo, deposit, 'more.txt'),
    ]

    expect(replies.map(messageOf)).toEqual([
      '400 You cannot publish a draft with an open review request. Please cancel the review request first.',
      '400 You cannot delete a draft with an open review. Please cancel the review first.',
      '200',
      '201',
    ])
  })

  test('is shown once there is one', async () => {
    await using zenodo = await startZenodo({ communities: ['eu'] })
    const { id } = await createDeposit(zenodo)
    const submitted = await submit(zenodo)

    const none = await ask(zenodo, 'GET', `/api/records/${id}/draft/review`)
    const some = await ask(zenodo, 'GET', `/api/records/${submitted.id}/draft/review`)

    expect(messageOf(none)).toBe('404 Review for draft not found')
    expect(some.json).toMatchObject({ status: 'submitted', is_open: true })
  })

  test.each([
    ['a known community waits', 'eu', 200, 1],
    ['an unknown one is refused', 'no-such', 400, 0],
  ])('after publishing: %s', async (_words, id, status, requests) => {
    await using zenodo = await startZenodo({ communities: ['eu'] })
    const record = await createRecord(zenodo)
    const path = `/api/records/${record.id}`

    const added = await ask(zenodo, 'POST', `${path}/communities`, {
      json: { communities: [{ id }] },
    })

    expect(added.status).toBe(status)
    const { json } = await ask(zenodo, 'GET', `${path}/requests`)
    expect(json).toMatchObject({ hits: { total: requests } })
  })
})
