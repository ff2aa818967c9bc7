import { describe, expect, test } from '@jest/globals'
import { toDepositOutputs } from '../../src/action/outputs.ts'
import { toCancelSentence } from '../../src/action/summary-cancel.ts'
import { keepJournal } from '../../src/action/summary-journal.ts'
import { toStory, type Ending, type Story, type Told } from '../../src/action/summary-story.ts'
import { DoubtfulPublishError, InputError, NetworkError } from '../../src/errors.ts'
import { createDeposit, createInputs } from './support/builders.ts'
import { DRAFT, ORIGIN, RECORD, tellDone, tellStop } from './support/told.ts'

const CANCELLED: Ending = { kind: 'cancelled' }
const fail = (error: unknown): Ending => ({ kind: 'failed', error })
const lost = new NetworkError('POST /x', 'No answer.')
const wrong = new InputError([{ place: { input: 'files' }, problem: 'No.' }])
const outputsOf = (deposit: typeof DRAFT, state: 'draft' | 'published' | 'planned') => ({
  outputs: toDepositOutputs(deposit, ORIGIN, { state, version: undefined }),
})
const edit = createDeposit({ state: 'edit' })

describe('toStory', () => {
  test.each<[string, Told, Story]>([
    ['a draft', tellDone({}), 'draft'],
    ['an edit of a record', tellDone({ deposit: edit }), 'edit'],
    ['a published record', tellDone({ state: 'published', deposit: RECORD }), 'published'],
    ['an unchanged record', tellDone({ state: 'unchanged', deposit: RECORD }), 'unchanged'],
    ['a plan', tellDone({ state: 'planned', deposit: undefined }), 'planned'],
    [
      'inputs that cannot be read',
      tellStop(fail(wrong), 'Checking', { inputs: undefined, checked: undefined }),
      'stopped-before',
    ],
    ['a failed check', tellStop(fail(wrong), 'Checking'), 'stopped-before'],
    [
      'a failed dry run on a draft',
      tellStop(fail(wrong), 'Plan', {
        inputs: createInputs({ 'dry-run': 'true' }),
        ...outputsOf(DRAFT, 'planned'),
      }),
      'stopped-before',
    ],
    [
      'a lost answer to the first write',
      tellStop(fail(lost), 'Opening the draft'),
      'stopped-creating',
    ],
    [
      'a failed upload',
      tellStop(fail(lost), 'Uploading', outputsOf(DRAFT, 'draft')),
      'stopped-with-draft',
    ],
    [
      'a cancelled upload',
      tellStop(CANCELLED, 'Uploading', outputsOf(DRAFT, 'draft')),
      'stopped-with-draft',
    ],
    [
      'a failed edit',
      tellStop(fail(wrong), 'Opening the draft', outputsOf(edit, 'draft')),
      'stopped-public',
    ],
    [
      'a refused publication',
      tellStop(fail(wrong), 'Publishing', outputsOf(DRAFT, 'draft')),
      'stopped-with-draft',
    ],
    [
      'a publication without an answer',
      tellStop(
        fail(new DoubtfulPublishError('12', 'Who knows.')),
        'Publishing',
        outputsOf(DRAFT, 'draft'),
      ),
      'unknown',
    ],
    [
      'a cancelled publication',
      tellStop(CANCELLED, 'Publishing', outputsOf(DRAFT, 'draft')),
      'unknown',
    ],
    [
      'a failure after publishing',
      tellStop(fail(lost), 'Publishing', outputsOf(RECORD, 'published')),
      'stopped-public',
    ],
    [
      'a cancellation after publishing',
      tellStop(CANCELLED, 'Publishing', outputsOf(RECORD, 'published')),
      'stopped-public',
    ],
  ])('recognises %s', (_, told, story) => {
    expect(toStory(told)).toBe(story)
  })
})

describe('toCancelSentence', () => {
  test.each<[string, Told, RegExp]>([
    ['that nothing was written', tellStop(CANCELLED, 'Checking'), /before anything was written/],
    [
      'no more than is known while a draft is made',
      tellStop(CANCELLED, 'Opening the draft'),
      /Nothing was published/,
    ],
    [
      'which draft is kept',
      tellStop(CANCELLED, 'Uploading', outputsOf(DRAFT, 'draft')),
      /Draft 12 is kept, and not published/,
    ],
    [
      'that it may be public',
      tellStop(CANCELLED, 'Publishing', outputsOf(DRAFT, 'draft')),
      /may be public\. Look at it before/,
    ],
    [
      'that it is public',
      tellStop(CANCELLED, 'Publishing', outputsOf(RECORD, 'published')),
      /stays published/,
    ],
  ])('says %s', (_, told, sentence) => {
    expect(toCancelSentence(told)).toMatch(sentence)
  })
})

describe('keepJournal', () => {
  test('passes everything on, and keeps warnings, notices and stages', () => {
    const lines: string[] = []
    const write = (level: string) => (line: string) => void lines.push(`${level} ${line}`)
    let nowMs = 0
    const { log, journal } = keepJournal(
      {
        info: write('info'),
        notice: write('notice'),
        warning: write('warning'),
        debug: write('debug'),
        group: write('group'),
        conclude: write('conclude'),
      },
      () => (nowMs += 100),
    )

    log.group('Checking')
    log.info('a')
    log.warning('b', { file: 'c', line: 3 })
    log.warning('b', { file: 'c', line: 3 })
    log.notice('d')
    log.debug('e')
    log.group('Uploading')

    expect(lines).toEqual([
      'group Checking',
      'info a',
      'warning b',
      'warning b',
      'notice d',
      'debug e',
      'group Uploading',
    ])
    expect(journal).toEqual({
      remarks: [
        { kind: 'warning', text: 'b', place: { file: 'c', line: 3 } },
        { kind: 'notice', text: 'd', place: undefined },
      ],
      stages: [
        { title: 'Checking', startMs: 100 },
        { title: 'Uploading', startMs: 200 },
      ],
    })
  })
})
