import { describe, expect, test } from '@jest/globals'
import { validate } from '../../src/metadata/validate.ts'
import { RECORDED_ID, RECORDINGS, toMetadata, type Recording } from './recordings.ts'
import { CONTEXT, gravest, type Judgement } from './support.ts'

const EXPECTED: Readonly<Record<Recording['verdict'], Judgement>> = {
  ok: 'fine',
  altered: 'fine',
  lost: 'warning',
  'refused-put': 'error',
  'refused-publish': 'error',
  crash: 'error',
}

/** Where the validator differs from the recording on purpose. */
const DISAGREEMENTS: Readonly<Record<string, string>> = {
  'grants known (see fixture)': 'a grant that may exist on another instance is a doubt',
  'grants full form': 'a grant that may exist on another instance is a doubt',
  'grants unknown': 'a grant that may exist on another instance is a doubt',
  'grants: NIH, DOI form': 'a grant that may exist on another instance is a doubt',
  'grants: NIH, ROR form': 'a grant that may exist on another instance is a doubt',
  'grants: unknown award of known funder': 'a grant that may exist on another instance is a doubt',
  'communities: own community': 'a community of that instance alone is not known offline',
  "doi: '10.5281/zenodo.98765432'": "accepted, but it takes another record's DOI for good",
  "doi: '10.5281/other.ID'": 'accepted, but it takes a DOI that Zenodo did not make',
  "doi: '10.5281/foo'": 'accepted, but it takes a DOI that Zenodo did not make',
  'doi: external doi used a second time': 'only the instance knows which DOIs it has',
}

const ownDois = [`10.5281/zenodo.${RECORDED_ID}`]

const results = RECORDINGS.map((recording) => {
  const problems = validate(toMetadata(recording), 'whole', { ...CONTEXT, ownDois })
  return { recording, problems, agrees: gravest(problems) === EXPECTED[recording.verdict] }
})

function percent(some: readonly { readonly agrees: boolean }[]): number {
  return (100 * some.filter(({ agrees }) => agrees).length) / some.length
}

describe('the validator', () => {
  test('agrees with what the real software did with more than 98.9 % of 1,038 objects', () => {
    const groups = [...new Set(RECORDINGS.map(({ group }) => group))]
    const lines = groups.map((name) => {
      const share = percent(results.filter(({ recording }) => recording.group === name))
      return `  ${share.toFixed(1).padStart(5)} %  ${name}\n`
    })
    const total = percent(results)
    process.stdout.write(`Agreement with Zenodo: ${total.toFixed(2)} %\n${lines.join('')}`)

    expect(results).toHaveLength(1038)
    expect(total).toBeGreaterThan(98.9)
  })

  test('differs from it only where a reason is written down', () => {
    const differing = results.filter(({ agrees }) => !agrees).map(({ recording }) => recording.name)

    expect(differing.toSorted()).toEqual(Object.keys(DISAGREEMENTS).toSorted())
  })

  test('names a field of which something was lost', () => {
    const unnamed = results
      .filter(({ recording: { verdict, lost }, agrees }) => verdict === 'lost' && lost && agrees)
      .filter(({ recording: { lost = [] }, problems }) => {
        const fields = problems.map(({ path }) => String(path[0]))
        return !lost.some((field) => fields.includes(field))
      })
      .map(({ recording }) => recording.name)

    expect(unnamed).toEqual([])
  })

  test('never lets a date through that damages the record', () => {
    const damaging = results.filter(
      ({ recording }) => recording.verdict === 'crash' && recording.group.includes('date'),
    )

    expect(damaging.length).toBeGreaterThan(15)
    expect(damaging.filter(({ agrees }) => !agrees)).toEqual([])
  })
})
