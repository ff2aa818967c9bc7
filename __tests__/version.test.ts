import { expect, test } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { asObject } from '../src/lib/json.ts'
import { VERSION } from '../src/version.ts'

test('the version in the code is the version of the package', async () => {
  const packageFile = new URL('../../package.json', import.meta.url)

  const manifest: unknown = JSON.parse(await readFile(packageFile, 'utf8'))

  expect(asObject(manifest)['version']).toBe(VERSION)
})
