import { describe, expect, test } from '@jest/globals'
import { marked } from 'marked'
import { expectNoToken } from '../support/run-action.ts'
import { SUMMARY_STORIES, tellStory } from './support/summary-stories.ts'

describe('the summary of the bundle', () => {
  test.each(Object.keys(SUMMARY_STORIES))('tells the story: %s', async (name) => {
    const story = SUMMARY_STORIES[name]
    if (story === undefined) throw new Error(`There is no story ${name}`)

    const result = await tellStory(story)

    const { summary, exitCode, serverUrl, outputs } = result
    const html = await marked.parse(summary, { gfm: true })
    const addresses = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, one]) => one ?? '')
    expect(summary.split('\n')[0]).toBe(`## ${story.heading}`)
    expect(exitCode).toBe(story.exitCode)
    expect(Buffer.byteLength(summary)).toBeLessThan(100_000)
    for (const part of story.parts) expect(summary).toContain(fillIn(part, outputs))
    for (const one of addresses)
      expect([serverUrl, 'https://doi.org']).toContain(new URL(one).origin)
    expectNoToken(result, result.token)
  })

  test('is not written where nobody wants it', async () => {
    const { summary, exitCode } = await tellStory({
      heading: '',
      exitCode: 0,
      parts: [],
      run: ({ step }) => step({ 'show-summary': 'false' }),
    })

    expect(exitCode).toBe(0)
    expect(summary).toBe('')
  })
})

/** `{deposit-id}` stands for the output of that name. */
const fillIn = (part: string, outputs: Readonly<Record<string, string>>): string =>
  part.replaceAll(/\{([a-z-]+)\}/g, (_, name: string) => outputs[name] ?? '')
