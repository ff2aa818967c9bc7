import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import * as glob from '@actions/glob'
import { toPrintable } from '../lib/printable.ts'
import { isLiteral, type Pattern } from './patterns.ts'

/** Why a pattern matches nothing, as far as that can be told: what people try that is not understood, a folder, other capitals. */
export async function explainUnmatched(pattern: Pattern, directory: string): Promise<string> {
  const text = toPrintable(pattern.text, 200)
  if (isLiteral(pattern) && (await isFolder(resolve(directory, pattern.text)))) {
    const folder = text.replace(/[\\/]$/, '')
    return `"${text}" is a folder. Write "${folder}/*" for the files in it, or "${folder}/**" for those below it as well.`
  }
  const hint =
    findNotation(pattern.text) ??
    (await findFolders(pattern)) ??
    (await findMissing(pattern, directory))
  return [`"${text}" matches no file.`, ...(hint === undefined ? [] : [hint])].join(' ')
}

/** Folders that a pattern matches, whose files it does not. */
async function findFolders({ text, absolute }: Pattern): Promise<string | undefined> {
  const options = { implicitDescendants: false, matchDirectories: true }
  const paths = await (await glob.create(absolute, options)).glob()
  if (paths.length === 0) return undefined
  const names = paths.slice(0, MAX_NAMES).map((path) => `"${toPrintable(basename(path), 100)}"`)
  const shown = [...names, ...(paths.length > MAX_NAMES ? ['…'] : [])].join(', ')
  const folder = toPrintable(text.replace(/[\\/]$/, ''), 200)
  return `It matches folders: ${shown}. Write "${folder}/*" for the files in them, or "${folder}/**" for those below as well.`
}

const MAX_NAMES = 8

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** Notations of other tools that mean something else here, or nothing. */
const NOTATIONS: readonly (readonly [RegExp, string])[] = [
  ...(sep === '/' ? [[/\\(?![*?[\]\\])/, 'Write / between folders, not \\.'] as const] : []),
  [/^- /, 'Write one pattern a line, without a dash.'],
  [/^\[.*,.*\]$/, 'Write one pattern a line, not a list in brackets.'],
  [/^(["']).*\1$/, 'Write patterns without quotes.'],
  [/\s#/, 'A comment needs a line of its own.'],
  [/\{.*,.*\}/, 'Braces are not understood: write a line for each.'],
  [/,\s*\S/, 'Write one pattern a line, without commas.'],
  [/^[^\s/]*[*.]\S* [^\s/]*[*./]\S*$/, 'Write one pattern a line.'],
  [
    /^\/(?!\/)/,
    'A pattern that begins with a slash starts at the root of the machine: leave it out.',
  ],
]

/** What a pattern was probably meant to be, where it is written as other tools want it. */
export const findNotation = (text: string): string | undefined =>
  NOTATIONS.find(([notation]) => notation.test(text))?.[1]

/** The first name on the way that is not there: perhaps it is, with other capitals, which most systems tell apart. */
async function findMissing({ text }: Pattern, directory: string): Promise<string | undefined> {
  let folder = directory
  for (const name of text.split(/[\\/]/)) {
    if (!isLiteral({ text: name })) return undefined
    const names = await readdir(folder).catch((): string[] => [])
    if (!names.includes(name) && name !== '.' && name !== '..') {
      const other = names.find((one) => one.toLowerCase() === name.toLowerCase())
      const place = folder.slice(directory.length + 1).replaceAll(sep, '/')
      if (other === undefined) return describePlace(names, place)
      const shown = toPrintable(join(folder, other).slice(directory.length + 1), 200)
      return `There is "${shown.replaceAll(sep, '/')}", with other capitals.`
    }
    folder = join(folder, name)
  }
  return undefined
}

/** What there is instead of what was named; `place` is what lies below the start, or empty. */
function describePlace(names: readonly string[], place: string): string | undefined {
  const visible = names.filter((name) => !name.startsWith('.')).toSorted()
  if (visible.length === 0) {
    return place === '' ? 'The folder that patterns start from is empty.' : undefined
  }
  const shown = visible.slice(0, MAX_NAMES).map((name) => `"${toPrintable(name, 100)}"`)
  const where = place === '' ? 'There' : `In "${toPrintable(place, 200)}" there`
  return `${where} is: ${[...shown, ...(visible.length > MAX_NAMES ? ['…'] : [])].join(', ')}.`
}
