import { execFile } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { marked } from 'marked'
import { SUMMARY_STORIES, tellStory } from '../__tests__/e2e/support/summary-stories.ts'
import { createWorkspace } from '../__tests__/support/run-action.ts'
import { bundle } from './bundle.ts'
import { toPage } from './summary-page.ts'

const USAGE = `Renders the job summary of every state as a page shows it: HTML, and PNG where Chromium is installed.

  node scripts/render-summaries.ts [--out FOLDER] [STATE …]

  --out FOLDER   where the pages and pictures go (build/summaries)
`
const root = join(import.meta.dirname, '..')
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** Of a picture, in CSS pixels; the pictures have twice as many. */
const WIDTH = 900

/** What a real instance would show: its own name, and no row for a server that is not the usual one. */
function asOnZenodo(summary: string, serverUrl: string): string {
  const { host } = new URL(serverUrl)
  return summary
    .split('\n')
    .filter((line) => !line.startsWith('| Server |'))
    .join('\n')
    .replaceAll(serverUrl, 'https://zenodo.org')
    .replaceAll(host, 'zenodo.org')
    .replaceAll(host.replace(':', ':&#8288;'), 'zenodo.org')
}

async function render(
  state: string,
  { actionFolder, out }: Record<'actionFolder' | 'out', string>,
) {
  const story = SUMMARY_STORIES[state]
  if (story === undefined) throw new Error(`No state is called ${state}.\n\n${USAGE}`)
  const { summary, serverUrl } = await tellStory(story, { actionFolder })
  const html = await marked.parse(asOnZenodo(summary, serverUrl), { gfm: true })
  const page = join(out, `${state}.html`)
  await writeFile(join(out, `${state}.md`), summary)
  await writeFile(page, toPage(html))
  return page
}

/** A browser without a profile, and without any connection of its own. */
async function runChromium(chromium: string, page: string, options: readonly string[]) {
  await using profile = await createWorkspace()
  const flags = [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ...['--hide-scrollbars', '--disable-lcd-text', `--user-data-dir=${profile.path}`],
  ]
  return await promisify(execFile)(chromium, [...flags, ...options, `file://${page}`], {
    maxBuffer: 1e8,
    timeout: 60_000,
  })
}

async function photograph(chromium: string, page: string): Promise<void> {
  const { stdout } = await runChromium(chromium, page, [`--window-size=${WIDTH},600`, '--dump-dom'])
  const height = /data-height="(\d+)"/.exec(stdout)?.[1] ?? '1200'
  const picture = page.replace(/html$/, 'png')
  const options = [`--window-size=${WIDTH},${height}`, '--force-device-scale-factor=2']
  await runChromium(chromium, page, [...options, `--screenshot=${picture}`])
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { out: { type: 'string' }, help: { type: 'boolean' } },
    allowPositionals: true,
  })
  if (values.help) {
    console.log(USAGE)
    return
  }
  const out = resolve(values.out ?? join(root, 'build', 'summaries'))
  await mkdir(out, { recursive: true })
  await using action = await createWorkspace()
  await copyFile(join(root, 'action.yml'), join(action.path, 'action.yml'))
  await bundle(join(action.path, 'dist'))
  const chromium = CHROMIUM.find(existsSync)
  if (chromium === undefined) console.log('Chromium is not installed: pages only, no pictures.')
  for (const state of positionals.length > 0 ? positionals : Object.keys(SUMMARY_STORIES)) {
    const page = await render(state, { actionFolder: action.path, out })
    if (chromium !== undefined) await photograph(chromium, page)
    console.log(page)
  }
}

await main()
