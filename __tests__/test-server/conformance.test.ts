import { describe, expect, test } from '@jest/globals'
import { startZenodo } from '../../test-server/server.ts'
import { replay } from './replay/replay.ts'
import { readSequences } from './replay/sequence.ts'

/** Steps that this server answers otherwise on purpose: `sequence step` → why. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {}

const NOW = new Date('2026-11-22T12:00:00Z')

const sequences = await readSequences()

describe('the test server', () => {
  test.each(sequences)('answers like the real one: %s', async (name, sequence) => {
    await using zenodo = await startZenodo({ today: () => NOW })

    const differences = await replay(zenodo, sequence, '2026-11-22')

    const unexpected = differences.filter(({ step }) => !(`${name} ${step}` in KNOWN_DIFFERENCES))
    expect(unexpected).toEqual([])
  })

  test('has every recorded step compared', () => {
    const steps = sequences.reduce((sum, [, { steps }]) => sum + steps.length, 0)

    expect(steps).toBe(794)
  })
})

for (const [step, reason] of Object.entries(KNOWN_DIFFERENCES)) {
  process.stdout.write(`not as recorded: ${step}: ${reason}\n`)
}
