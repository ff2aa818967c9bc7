import { entryOf } from '../metadata.ts'
import { isThreeLetterLanguage, TWO_LETTER_LANGUAGES } from '../vocabularies.ts'

/** Bibliographic codes of ISO 639-2, with the terminological ones that Zenodo takes. */
const BIBLIOGRAPHIC: Readonly<Record<string, string>> = {
  alb: 'sqi',
  arm: 'hye',
  baq: 'eus',
  bur: 'mya',
  chi: 'zho',
  cze: 'ces',
  dut: 'nld',
  fre: 'fra',
  geo: 'kat',
  ger: 'deu',
  gre: 'ell',
  ice: 'isl',
  mac: 'mkd',
  mao: 'mri',
  may: 'msa',
  per: 'fas',
  rum: 'ron',
  slo: 'slk',
  tib: 'bod',
  wel: 'cym',
}

/** The code that a language's name, its bibliographic code or a locale (`en-US`) may have meant. */
export function suggestLanguage(text: string): string | undefined {
  const word = text.trim().toLowerCase()
  const main = word.split(/[-_,; ]/)[0] ?? ''
  const code = entryOf(BIBLIOGRAPHIC, main)
  if (code !== undefined) return code
  if (isThreeLetterLanguage(main)) return main
  return TWO_LETTER_LANGUAGES.get(main) ?? findByName(word)
}

function findByName(name: string): string | undefined {
  const english = new Intl.DisplayNames('en', { type: 'language' })
  const found = [...TWO_LETTER_LANGUAGES].find(([short]) => {
    const own = new Intl.DisplayNames(short, { type: 'language' })
    return [english.of(short), own.of(short)].some((one) => one?.toLowerCase() === name)
  })
  return found?.[1]
}
