import { describe, expect, test } from '@jest/globals'
import { findMarked } from '../../src/zenodo/find-marked.ts'
import { never } from '../http/support/test-http.ts'
import { upload } from '../test-server/support/talk.ts'
import { MARK, METADATA, Stage, marked } from './support/stage.ts'

const { title } = METADATA

describe('findMarked', () => {
  const find = (stage: Stage, mark = MARK, name: string | undefined = title) =>
    findMarked(stage.clientOf(), { mark, title: name, files: [] }, never).then(({ own }) => own)

  test('finds nothing where nothing bears the mark', async () => {
    await using stage = await Stage.open()
    await stage.createDraft()
    await stage.createDraft(marked('https://github.com/owner/repo/tree/v1.0.1'))
    await stage.createDraft(marked('https://github.com/owner/repo2/tree/v1.0'))

    expect(await find(stage)).toBeUndefined()
  })

  test('finds the draft that bears it', async () => {
    await using stage = await Stage.open()
    await stage.createDraft()
    const { id } = await stage.createDraft(marked())

    expect(await find(stage)).toMatchObject({ state: 'draft', id: String(id) })
  })

  test('finds the record that bears it', async () => {
    await using stage = await Stage.open()
    const { id } = await stage.createRecord(marked())

    expect(await find(stage)).toMatchObject({ state: 'record', id: String(id) })
  })

  test('prefers a record to a draft, which a lost answer may have left beside it', async () => {
    await using stage = await Stage.open()
    const { id } = await stage.createRecord(marked())
    await stage.createDraft(marked())

    expect(await find(stage)).toMatchObject({ state: 'record', id: String(id) })
  })

  test('prefers the oldest of several records: what a person makes of one inherits the mark', async () => {
    await using stage = await Stage.open()
    const { id } = await stage.createRecord(marked())
    await stage.createRecord(marked())

    expect(await find(stage)).toMatchObject({ state: 'record', id: String(id) })
  })

  test.each([
    ['the title', METADATA.title, 0],
    ['the files alone', 'Another dataset', 1],
  ])('finds by %s what is the step’s', async (_, name, index) => {
    await using stage = await Stage.open()
    const titled = await stage.createRecord(marked())
    const filed = await stage.createDraft({ ...marked(), title: 'A third dataset' })
    await upload(stage.zenodo, filed, 'own.txt', 'own')
    const files = [{ key: 'own.txt', sizeBytes: 3 }]

    const { own } = await findMarked(stage.clientOf(), { mark: MARK, title: name, files }, never)

    expect(own?.id).toBe(String([titled, filed][index]?.id))
  })

  test('takes no draft for its own that holds other bytes under the name of its file', async () => {
    await using stage = await Stage.open()
    const draft = await stage.createDraft({ ...marked(), title: 'A third dataset' })
    await upload(stage.zenodo, draft, 'own.txt', 'of another step')
    const files = [{ key: 'own.txt', sizeBytes: 3 }]

    const { own } = await findMarked(stage.clientOf(), { mark: MARK, title: 'x', files }, never)

    expect(own).toBeUndefined()
  })

  test.each([
    ['another title, which is another step’s', 'Another dataset', false],
    ['the same title', title, true],
    ['the same title, repaired by the server', '  A test — dataset ', true],
    ['no title', undefined, false],
  ])('takes a draft for one’s own with %s', async (_, name, isFound) => {
    await using stage = await Stage.open()
    await stage.createDraft(marked())

    const { own, others } = await findMarked(
      stage.clientOf(),
      { mark: MARK, title: name, files: [] },
      never,
    )

    expect(others).toHaveLength(isFound ? 0 : 1)
    expect(own !== undefined).toBe(isFound)
  })

  test('leaves other people’s drafts alone', async () => {
    await using stage = await Stage.open()
    await stage.createDraft(marked())

    const found = await findMarked(stage.clientOf('bob'), { mark: MARK, title, files: [] }, never)

    expect(found).toEqual({ own: undefined, others: [] })
  })

  test.each(['a"b', 'a\\b', 'a b', 'a:b', 'a(b', 'a*', 'é'])(
    'finds the mark of the odd tag %s',
    async (tag) => {
      await using stage = await Stage.open()
      const mark = `https://github.com/owner/repo/tree/${encodeURI(tag)}`
      const { id } = await stage.createDraft(marked(mark))

      expect(await find(stage, mark)).toMatchObject({ state: 'draft', id: String(id) })
    },
  )
})
