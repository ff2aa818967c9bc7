import { describe, expect, test } from '@jest/globals'
import { fromLegacy } from '../../test-server/metadata/from-legacy.ts'
import { toLegacy } from '../../test-server/metadata/to-legacy.ts'
import { toStored } from '../../test-server/api/drafting.ts'
import { disagreements } from './replay/agreement.ts'
import { createWorld, observe, readVerdicts } from './replay/verdict.ts'

const verdicts = await readVerdicts()

/** Cases decided otherwise than by the real server: name → why. */
const KNOWN_DISAGREEMENTS: Readonly<Record<string, string>> = {}

describe('the metadata rules', () => {
  const world = createWorld(verdicts.today)
  const groups = Map.groupBy(verdicts.cases, ({ group }) => group)

  test.each([...groups])('decide like the real server: %s', (group, cases) => {
    const wrong = cases.flatMap((verdict) => {
      const found = disagreements(verdict, observe(world, verdict))
      return found.size > 0 ? [{ name: verdict.name, ...Object.fromEntries(found) }] : []
    })

    report(group, cases.length, wrong.length)
    expect(wrong.filter(({ name }) => !(name in KNOWN_DISAGREEMENTS))).toEqual([])
  })

  test.each(Object.entries(verdicts.licences))('echo licence %s as %s', (sent, echo) => {
    const input = fromLegacy({ metadata: { license: sent } }, world.now())

    const { stored } = toStored(world, input, undefined)

    expect(toLegacy(stored)['license']).toBe(echo)
  })

  test.each(Object.entries(verdicts.languages))('echo language %s as %s', (sent, echo) => {
    const input = fromLegacy({ metadata: { language: sent } }, world.now())

    const { stored } = toStored(world, input, undefined)

    expect(toLegacy(stored)['language']).toBe(echo)
  })
})

function report(group: string, total: number, wrong: number): void {
  const percent = ((100 * (total - wrong)) / total).toFixed(1)
  process.stdout.write(`verdicts ${group}: ${total - wrong} of ${total} agree (${percent} %)\n`)
}
