import { describe, expect, test } from '@jest/globals'
import { SharedPause } from '../../src/http/pause.ts'
import { FakeClock } from './support/fake-clock.ts'

const never = new AbortController().signal

describe('SharedPause', () => {
  test('lets everybody pass until somebody was told to wait', async () => {
    const clock = new FakeClock()

    await new SharedPause(clock).over(never)

    expect(clock.sleeps).toEqual([])
  })

  test('holds everybody for what one was told to wait', async () => {
    const clock = new FakeClock()
    const pause = new SharedPause(clock)
    pause.extend(30_000)

    await Promise.all(Array.from({ length: 3 }, () => pause.over(never)))

    expect(clock.now()).toBe(30_000)
    expect(clock.sleeps).toEqual([30_000, 30_000, 30_000])
  })

  test('waits only for what is left', async () => {
    const clock = new FakeClock()
    const pause = new SharedPause(clock)
    pause.extend(30_000)
    clock.advance(20_000)

    await pause.over(never)

    expect(clock.sleeps).toEqual([10_000])
  })

  test('is not cut short by a shorter one', async () => {
    const clock = new FakeClock()
    const pause = new SharedPause(clock)
    pause.extend(30_000)
    pause.extend(1000)

    await pause.over(never)

    expect(clock.now()).toBe(30_000)
  })

  test('goes on for those who wait when it is extended meanwhile', async () => {
    const clock = new FakeClock()
    const pause = new SharedPause(clock)
    pause.extend(1000)

    const over = pause.over(never)
    pause.extend(5000)
    await over

    expect(clock.sleeps).toEqual([1000, 4000])
  })

  test('ends with the reason of an abort', async () => {
    const controller = new AbortController()
    const reason = new Error('the job was cancelled')
    const pause = new SharedPause(new FakeClock())
    pause.extend(30_000)

    const over = pause.over(controller.signal)
    controller.abort(reason)

    await expect(over).rejects.toBe(reason)
  })
})
