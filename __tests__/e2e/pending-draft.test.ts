import { describe, expect, test } from '@jest/globals'
import { METADATA } from '../support/workspace.ts'
import { problemsOf, setStage } from './support/deposit-stage.ts'

const CHANGED = { files: 'data/*', version: '2' }

/** A record, and a draft of its next version that holds a file of somebody else's. */
async function setPending() {
  const stage = await setStage()
  const first = await stage.publishFirst()
  const concept = first['concept-id'] ?? ''
  await stage.workspace.write('hand/by-hand.txt', 'by hand\n')
  const { outputs, error } = await stage.run({ 'deposit-id': concept, files: 'hand/*' })
  expect(error).toBeUndefined()
  await stage.workspace.write('data/a.csv', 'second\n')
  const draft = outputs['deposit-id'] ?? ''
  return { stage, concept, draft, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() }
}

describe('a draft of the next version that is there already', () => {
  test('is what existing-files: error looks at, before anything is written', async () => {
    await using pending = await setPending()
    const { stage, concept, draft } = pending
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      ...CHANGED,
      'deposit-id': concept,
      'existing-files': 'error',
      publish: 'true',
    })

    expect(problemsOf(end)).toMatch(`Deposit ${draft} holds files that are not among`)
    expect(problemsOf(end)).toMatch('by-hand.txt')
    expect(stage.writesSince(from)).toEqual([])
  })

  test('counts as a copy of the version before where it is empty', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const concept = first['concept-id'] ?? ''
    const headers = { authorization: `Bearer ${stage.zenodo.tokens['alice'] ?? ''}` }
    const versions = `${stage.zenodo.url}/api/records/${first['deposit-id'] ?? ''}/versions`
    await fetch(versions, { method: 'POST', headers })

    const refused = await stage.run({
      ...CHANGED,
      'deposit-id': concept,
      files: 'data/a.csv',
      'existing-files': 'error',
    })
    const kept = await stage.run({
      'deposit-id': concept,
      version: '2',
      publish: 'true',
      'if-unchanged': 'publish',
    })

    expect(problemsOf(refused)).toMatch('b.csv')
    expect(kept.error).toBeUndefined()
    expect(stage.filesOf(kept.outputs['deposit-id'])).toEqual(['a.csv', 'b.csv'])
  })

  test('is not one that jobs at the same moment have left behind', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const headers = { authorization: `Bearer ${stage.zenodo.tokens['alice'] ?? ''}` }
    const versions = `${stage.zenodo.url}/api/records/${first['deposit-id'] ?? ''}/versions`
    await Promise.all([1, 2].map(() => fetch(versions, { method: 'POST', headers })))
    const drafts = stage.zenodo.deposits().filter(({ submitted }) => !submitted)
    await stage.workspace.write('data/a.csv', 'second\n')
    const step = { 'deposit-id': first['concept-id'] ?? '', files: 'data/*', publish: 'true' }
    const second = await stage.run({ ...step, version: '2' })
    await stage.workspace.write('data/a.csv', 'third\n')

    const third = await stage.run({ ...step, version: '3' })

    expect(drafts).toHaveLength(2)
    expect([second.error, third.error]).toEqual([undefined, undefined])
    expect(drafts.map(({ id }) => String(id))).not.toContain(third.outputs['deposit-id'])
  })

  test('is what a dry run looks at, as the run then does', async () => {
    await using pending = await setPending()
    const { stage, concept, draft } = pending
    const step = { ...CHANGED, 'deposit-id': concept }

    const plan = await stage.run({ ...step, 'dry-run': 'true' })
    const run = await stage.run(step)

    expect(plan.log).toContain(`Would continue draft ${draft}`)
    expect(plan.log).toContain('Would remove by-hand.txt (8 B)')
    expect(run.outputs).toMatchObject({ 'deposit-id': draft, 'removed-count': '1' })
    expect(stage.filesOf(draft)).toEqual(['a.csv', 'b.csv'])
  })

  test('is published by a step without files, whether it or the concept is named', async () => {
    await using pending = await setPending()
    const { stage, concept, draft } = pending

    const { error, outputs } = await stage.run({ 'deposit-id': concept, publish: 'true' })

    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({ state: 'published', 'deposit-id': draft })
  })

  test('is refused where it would repeat the version of the record with other files', async () => {
    await using pending = await setPending()
    const { stage, concept, draft } = pending
    await stage.run({ 'deposit-id': draft, 'metadata-file': 'none', version: '1' })
    const from = stage.zenodo.requests.length
    const asItIs = { 'metadata-file': 'none', publish: 'true' }

    const byId = await stage.run({ ...asItIs, 'deposit-id': draft })
    const byConcept = await stage.run({ ...asItIs, 'deposit-id': concept })

    expect(problemsOf(byId)).toMatch('Version 1 is published already')
    expect(problemsOf(byConcept)).toMatch('Version 1 is published already')
    expect(stage.writesSince(from)).toEqual([])
  })

  test('is published as it is by a step that gives nothing, whatever tag starts it', async () => {
    await using pending = await setPending()
    const { stage, draft } = pending
    await stage.run({ 'deposit-id': draft, 'metadata-file': 'none', version: '4' })

    const { error, outputs } = await stage.run(
      { 'deposit-id': draft, 'metadata-file': 'none', publish: 'true' },
      { tag: 'v3' },
    )

    expect(error).toBeUndefined()
    expect(outputs).toMatchObject({ state: 'published', version: '4' })
    expect(stage.zenodo.deposit(draft)?.metadata['related_identifiers']).toMatchObject([
      { identifier: 'https://github.com/octo/rivers/actions/runs/4711' },
    ])
  })

  test('that the list does not show yet is judged when it is opened', async () => {
    await using stage = await setStage({ server: { indexLagMs: 60_000 } })
    const first = await stage.publishFirst()
    const id = first['deposit-id'] ?? ''
    await stage.workspace.write('hand/by-hand.txt', 'by hand\n')
    const drafted = await stage.run({ 'deposit-id': id, files: 'hand/*' })
    await stage.workspace.write('data/a.csv', 'second\n')

    const end = await stage.run({
      ...CHANGED,
      'deposit-id': id,
      'existing-files': 'error',
      publish: 'true',
    })

    expect(problemsOf(end)).toMatch('by-hand.txt')
    expect(stage.filesOf(drafted.outputs['deposit-id'])).toEqual(['by-hand.txt'])
  })

  test('of a newer tag that the list does not show yet is left alone', async () => {
    await using stage = await setStage({ server: { indexLagMs: 60_000 } })
    const first = await stage.publishFirst({ tag: 'v1' })
    const id = first['deposit-id'] ?? ''
    await stage.workspace.write('data/a.csv', 'second\n')
    const newer = await stage.run({ 'deposit-id': id, files: 'data/*' }, { tag: 'v2' })
    await stage.workspace.write('data/a.csv', 'built anew\n')
    const from = stage.zenodo.requests.length

    const end = await stage.run({ 'deposit-id': id, files: 'data/*', version: '1' }, { tag: 'v1' })

    expect(problemsOf(end)).toMatch(`${newer.outputs['deposit-id'] ?? ''}, is the work of another`)
    expect(stage.writesSince(from).filter((line) => !line.endsWith('/versions'))).toEqual([])
  })

  test('that is not the one which the server names is not worked on', async () => {
    await using stage = await setStage()
    const first = await stage.publishFirst()
    const headers = { authorization: `Bearer ${stage.zenodo.tokens['alice'] ?? ''}` }
    const path = `/api/records/${first['deposit-id'] ?? ''}/versions`
    await Promise.all([1, 2].map(() => fetch(stage.zenodo.url + path, { method: 'POST', headers })))
    const drafts = stage.zenodo.deposits().filter(({ submitted }) => !submitted)
    const json = { id: drafts[0]?.id }
    stage.zenodo.fault({ method: 'POST', path, times: Infinity, answer: { status: 201, json } })
    await stage.workspace.write('data/a.csv', 'second\n')

    const end = await stage.run({ ...CHANGED, 'deposit-id': first['concept-id'] ?? '' })

    expect(problemsOf(end)).toMatch(/has two drafts of a next version/)
    expect(drafts.map(({ id }) => stage.filesOf(String(id)))).toEqual([[], []])
  })

  test('gets no stranger’s file that arrived since it was looked at', async () => {
    await using pending = await setPending()
    const { stage, draft } = pending
    const { bucket } = stage.zenodo.deposit(draft) ?? {}
    await stage.run({ 'deposit-id': draft, files: 'data/*' })
    await stage.workspace.write('data/a.csv', 'third\n')
    stage.zenodo.fault({
      method: 'PUT',
      path: '/api/deposit/depositions/*',
      before: async () => {
        await fetch(`${stage.zenodo.url}/api/files/${bucket ?? ''}/late.txt`, {
          method: 'PUT',
          body: 'late',
          headers: {
            authorization: `Bearer ${stage.zenodo.tokens['alice'] ?? ''}`,
            'content-type': 'application/octet-stream',
          },
        })
      },
    })
    const from = stage.zenodo.requests.length

    const end = await stage.run({
      'deposit-id': draft,
      files: 'data/*',
      'existing-files': 'error',
      publish: 'true',
    })

    expect(problemsOf(end)).toMatch('late.txt')
    const sent = stage.writesSince(from).filter((line) => line.includes('/api/files/'))
    expect(sent.filter((line) => !line.endsWith('late.txt'))).toEqual([])
  })

  test('keeps the date that somebody gave it', async () => {
    await using pending = await setPending()
    const { stage, concept, draft } = pending
    const dated = { 'deposit-id': draft, 'metadata-file': 'none', 'publication-date': '2020-05-05' }
    await stage.run(dated)

    const { error } = await stage.run({
      ...CHANGED,
      'deposit-id': concept,
      'metadata-file': 'none',
    })

    expect(error).toBeUndefined()
    expect(stage.zenodo.deposit(draft)?.metadata).toMatchObject({
      publication_date: '2020-05-05',
      version: '2',
    })
  })

  test('is told of where a metadata file replaces what somebody wrote', async () => {
    await using pending = await setPending()
    const { stage, concept, draft } = pending
    const title = 'Corrected by hand'
    await stage.run({ 'deposit-id': draft, 'metadata-file': 'none', metadata: `title: ${title}` })

    const { log } = await stage.run({ ...CHANGED, 'deposit-id': concept })

    expect(log.join('\n')).toMatch(/notice: The draft had other values of title/)
    expect(stage.zenodo.deposit(draft)?.metadata['title']).toBe(METADATA.title)
  })
})
