import { isObject } from '../../lib/json.ts'
import { toAwardId } from '../echo-values.ts'
import { suggestLicence, toStoredLicence } from '../licence.ts'
import { isEmpty, type Path, type Problem } from '../metadata.ts'
import { nearest } from '../suggest.ts'
import { quote, toText } from '../text.ts'
import {
  FUNDERS,
  isThreeLetterLanguage,
  KNOWN_AWARDS,
  KNOWN_COMMUNITIES,
  TWO_LETTER_LANGUAGES,
} from '../vocabularies.ts'
import { suggestLanguage } from './languages.ts'
import { itemsOf, lost, refused, type Check } from './context.ts'

const SUBTYPES = ['publication_type', 'image_type', 'software_type']

/** A subtype counts only beside its own upload type. */
export const checkSubtypes: Check = (metadata) => {
  const { upload_type: type } = metadata
  return Object.keys(metadata)
    .filter(
      (field) => field.endsWith('_type') && field !== 'upload_type' && !isEmpty(metadata[field]),
    )
    .flatMap((field) => {
      const value = metadata[field]
      if (field !== `${toText(type)}_type`) {
        return SUBTYPES.includes(field)
          ? [lost([field], `${quote(value)} is ignored because upload_type is ${quote(type)}.`)]
          : []
      }
      if (SUBTYPES.includes(field)) return []
      return [refused([field], `${quote(type)} has no subtypes; leave "${field}" out.`)]
    })
}

/** Ids in any case; no names, addresses or expressions. */
export const checkLicense: Check = ({ license }) => {
  const id = isObject(license) ? license['id'] : license
  if (typeof id !== 'string' || toStoredLicence(id) !== undefined) return []
  const near = suggestLicence(id)
  const question = near === undefined ? '' : ` Did you mean "${near}"?`
  return [
    refused(
      isObject(license) ? ['license', 'id'] : ['license'],
      `${quote(id)} is not a licence id Zenodo takes.${question} Accepted: one SPDX id such as CC-BY-4.0, CC0-1.0, MIT or Apache-2.0.`,
    ),
  ]
}

/** Two letters in any case, three in lower case. */
export const checkLanguage: Check = ({ language }) => {
  if (typeof language !== 'string') return []
  if (language.length === 2) {
    if (TWO_LETTER_LANGUAGES.has(language.toLowerCase())) return []
    return [
      lost(
        ['language'],
        `${quote(language)} is not a code of ISO 639-1 that Zenodo knows, and would be dropped.`,
      ),
    ]
  }
  if (isThreeLetterLanguage(language)) return []
  const near = suggestLanguage(language)
  const question = near === undefined ? '' : ` Did you mean "${near}"?`
  return [
    refused(
      ['language'],
      `${quote(language)} is not a language code Zenodo knows.${question} Accepted: ISO 639-3 such as eng or deu, ISO 639-1 such as en or de.`,
    ),
  ]
}

/** Grants must exist on the instance; here, what cannot be one is told from what may be one. */
export const checkGrants: Check = (metadata) =>
  itemsOf(metadata, 'grants').flatMap(([grant, path]) =>
    isObject(grant) && typeof grant['id'] === 'string'
      ? checkGrant(grant['id'], [...path, 'id'])
      : [],
  )

function checkGrant(id: string, path: Path): readonly Problem[] {
  const award = toAwardId(id)
  const [funder = '', number = '', ...rest] = award.split('::')
  const isFunder = [...FUNDERS.values()].includes(funder) || /^0[a-z\d]{6}\d{2}$/.test(funder)
  const isNumber = id.includes('::')
    ? number.trim() === number && number !== ''
    : /^\d+$/.test(number)
  if (!isFunder || !isNumber || rest.length > 0) {
    const unknown =
      !isFunder && funder.startsWith('10.13039/') ? ` Zenodo knows no funder ${funder}.` : ''
    return [
      refused(
        path,
        `${quote(id)} is not a grant.${unknown} Accepted: the number of an EC grant such as 283595, or FUNDER-DOI::NUMBER such as 10.13039/501100000780::283595.`,
      ),
    ]
  }
  if (KNOWN_AWARDS.includes(award)) return []
  const problem = `Whether Zenodo knows the grant ${quote(id)} cannot be told offline. If it does not, it refuses all metadata.`
  return [{ ...lost(path, problem), lookup: { kind: 'award', id: award } }]
}

/** A wrong community makes no request and no message. */
export const checkCommunities: Check = (metadata) =>
  itemsOf(metadata, 'communities').flatMap(([community, path]) =>
    isObject(community) && 'identifier' in community
      ? checkCommunity(community['identifier'], [...path, 'identifier'])
      : [],
  )

function checkCommunity(identifier: unknown, path: Path): readonly Problem[] {
  if (typeof identifier !== 'string') return []
  const slug = identifier.trim()
  if (KNOWN_COMMUNITIES.includes(slug)) return []
  if (/^[a-z\d][a-z\d_-]*$/.test(slug)) {
    const problem = `Whether there is a community ${quote(slug)} cannot be told offline. If there is not, nothing is submitted and nothing says so.`
    return [{ ...lost(path, problem), lookup: { kind: 'community', id: slug } }]
  }
  const last = slug.replace(/\/+$/, '').split('/').at(-1)?.toLowerCase() ?? ''
  const near = nearest(last, KNOWN_COMMUNITIES) ?? (last === '' ? undefined : last)
  const question = near === undefined ? '' : ` Did you mean "${near}"?`
  return [
    lost(
      path,
      `${quote(identifier)} is not the last part of a community's address, so nothing would be submitted.${question}`,
    ),
  ]
}
