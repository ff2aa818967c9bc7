import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { format } from 'prettier'
import { measureAgain } from './again.ts'
import { measureLargeFile } from './large-file.ts'
import { measureOneBucket } from './one-bucket.ts'
import { measurePeers } from './peers.ts'
import { toSvg } from './plot.ts'
import { describeLoad, describeMachine, toLines, toReport } from './report.ts'
import { createActionRunner } from './run.ts'
import { measureScaling, toSections } from './scaling.ts'
import type { Section, Setting } from './setting.ts'
import { measureSmallFiles } from './small-files.ts'
import { measureStartUp } from './start-up.ts'
import { createBenchFolder } from './world.ts'

const USAGE = `Measures the bundle against curl, md5sum and other tools, and writes bench/RESULTS.md.

  --quick         smaller, fewer, no other tools, nothing written: does it work?
  --only NAMES    start-up, large-file, one-bucket, small-files, again, peers, scaling (nothing written)
  --bundle FILE   another bundle than dist/index.js
`

type Measure = (setting: Setting) => Promise<readonly Section[]>

const one =
  (measure: (setting: Setting) => Promise<Section>): Measure =>
  async (setting) => [await measure(setting)]

const root = join(import.meta.dirname, '..')
let svg = ''

const MEASURES: Readonly<Record<string, Measure>> = {
  'start-up': one(measureStartUp),
  'large-file': one(measureLargeFile),
  'one-bucket': one(measureOneBucket),
  'small-files': one(measureSmallFiles),
  again: one(measureAgain),
  peers: one(measurePeers),
  scaling: async (setting) => {
    const scaling = await measureScaling(setting)
    svg = toSvg(scaling)
    return toSections(scaling)
  },
}

async function bench(names: readonly string[], bundle: string, isQuick: boolean) {
  const rounds = isQuick ? 1 : 3
  const sections: Section[] = []
  for (const name of names) {
    // A folder for each: large files of one measure do not push those of the next out of memory.
    await using folder = await createBenchFolder()
    const ours = await createActionRunner(folder, bundle)
    const found = (await MEASURES[name]?.({ folder, ours, isQuick, rounds })) ?? []
    console.log(found.flatMap(toLines).join('\n'))
    sections.push(...found)
  }
  return { sections, rounds }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      bundle: { type: 'string', default: join(root, 'dist', 'index.js') },
      help: { type: 'boolean', default: false },
    },
  })
  const all = Object.keys(MEASURES)
  const names =
    values.only?.split(/[\s,]+/) ?? all.filter((name) => !values.quick || name !== 'peers')
  const bundle = resolve(values.bundle)
  if (values.help || !names.every((name) => all.includes(name)) || !existsSync(bundle)) {
    console.log(USAGE)
    process.exitCode = values.help ? 0 : 2
    return
  }
  console.log(`${describeMachine()}\n`)
  const load = describeLoad()
  const { sections, rounds } = await bench(names, bundle, values.quick)
  if (values.quick || values.only !== undefined) return
  const day = new Date().toISOString().slice(0, 10)
  const report = toReport(sections, { day, load, rounds })
  const results = join(root, 'bench', 'RESULTS.md')
  await writeFile(results, await format(report, { parser: 'markdown' }))
  await writeFile(join(root, 'bench', 'scaling.svg'), svg)
}

await main()
