import { expect, test } from '@jest/globals'
import { createTurns } from '../../src/lib/in-turn.ts'

test('work begins when the work before it has ended, also if that failed', async () => {
  const inTurn = createTurns()
  const seen: string[] = []
  const work = (name: string, fails: boolean) => async (): Promise<string> => {
    seen.push(`${name} begins`)
    await Promise.resolve()
    seen.push(`${name} ends`)
    if (fails) throw new Error(name)
    return name
  }

  const ends = await Promise.allSettled([inTurn(work('a', true)), inTurn(work('b', false))])

  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  expect(ends).toMatchObject([{ reason: { message: 'a' } }, { value: 'b' }])
})
