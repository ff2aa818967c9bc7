import { readdir, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { toPrintable } from '../lib/printable.ts'
import { isLiteral, type Pattern } from './patterns.ts'

/** Why a pattern matches nothing, as far as that can be told: what people try that is not understood, a folder, other capitals. */
export async function explainUnmatched(pattern: Pattern, directory: string): Promise<string> {
  const text = toPrintable(pattern.text, 200)
  if (isLiteral(pattern) && (await isFolder(resolve(pattern.absolute)))) {
    const folder = text.replace(/[\\/]$/, '')
    return `"${text}" is a folder. Write "${folder}/*" for the files in it, or "${folder}/**" for those below it as well.`
  }
  const hint = findNotation(pattern.text) ?? (await findOtherCase(pattern, directory))
  return [`"${text}" matches no file.`, ...(hint === undefined ? [] : [hint])].join(' ')
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

/** Notations of other tools that mean something else here, or nothing. */
const NOTATIONS: readonly (readonly [RegExp, string])[] = [
  [/^- /, 'Write one pattern a line, without a dash.'],
  [/^\[.*,.*\]$/, 'Write one pattern a line, not a list in brackets.'],
  [/^(["']).*\1$/, 'Write patterns without quotes.'],
  [/\{.*,.*\}/, 'Braces are not understood: write a line for each.'],
  [/,\s*\S/, 'Write one pattern a line, without commas.'],
  [
    /^\/(?!\/)/,
    'A pattern that begins with a slash starts at the root of the machine: leave it out.',
  ],
]

/** What a pattern was probably meant to be, where it is written as other tools want it. */
export const findNotation = (text: string): string | undefined =>
  NOTATIONS.find(([notation]) => notation.test(text))?.[1]

/** The first name on the way that is there with other capitals: names are case-sensitive on most systems. */
async function findOtherCase({ text }: Pattern, directory: string): Promise<string | undefined> {
  let folder = directory
  for (const name of text.split(/[\\/]/)) {
    if (!isLiteral({ text: name })) return undefined
    const names = await readdir(folder).catch((): string[] => [])
    if (!names.includes(name) && name !== '.' && name !== '..') {
      const other = names.find((one) => one.toLowerCase() === name.toLowerCase())
      const shown = other && toPrintable(join(folder, other).slice(directory.length + 1), 200)
      return shown && `There is "${shown.replaceAll(sep, '/')}", with other capitals.`
    }
    folder = join(folder, name)
  }
  return undefined
}
