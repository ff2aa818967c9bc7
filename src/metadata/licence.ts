import { entryOf } from './metadata.ts'
import { nearest } from './suggest.ts'
import { LICENSES, LICENSES_WITHOUT_ID } from './vocabularies.ts'

/** Names people write for licences, as `toKey` makes them, and the id they most likely mean. */
const COMMON_NAMES: Readonly<Record<string, string>> = {
  apache: 'apache-2.0',
  apache2: 'apache-2.0',
  bsd: 'bsd-3-clause',
  bsd2: 'bsd-2-clause',
  bsd3: 'bsd-3-clause',
  cc0: 'cc0-1.0',
  ccbynd: 'cc-by-nd-4.0',
  ccbync: 'cc-by-nc-4.0',
  ccbyncsa: 'cc-by-nc-sa-4.0',
  ccbyncnd: 'cc-by-nc-nd-4.0',
  creativecommonsattribution: 'cc-by-4.0',
  creativecommonsattribution40international: 'cc-by-4.0',
  creativecommonszerov10universal: 'cc0-1.0',
  gnugeneralpublicv3: 'gpl-3.0-only',
  gpl: 'gpl-3.0-or-later',
  gpl2: 'gpl-2.0-only',
  gpl3: 'gpl-3.0-only',
  gplv2: 'gpl-2.0-only',
  gplv3: 'gpl-3.0-only',
  lgpl: 'lgpl-3.0-or-later',
  lgplv3: 'lgpl-3.0-only',
  agplv3: 'agpl-3.0-only',
  mit: 'mit',
  mozillapublic20: 'mpl-2.0',
  mpl: 'mpl-2.0',
  publicdomain: 'cc0-1.0',
}

/** The id Zenodo stores for a licence name it takes as it stands; undefined for any other. */
export function toStoredLicence(name: string): string | undefined {
  return LICENSES_WITHOUT_ID.has(name) ? name : LICENSES.get(name.trim().toLowerCase())
}

/** The id for a licence name of another format: SPDX ids in any case, addresses of licences. Never a guess. */
export function fromOtherLicence(name: string): string | undefined {
  return toStoredLicence(name) ?? fromAddress(name.trim())
}

/** The id that a name Zenodo does not take may have meant. */
export function suggestLicence(name: string): string | undefined {
  const certain = fromOtherLicence(name)
  if (certain !== undefined) return certain
  const key = toKey(name)
  const common = entryOf(COMMON_NAMES, key)
  if (common !== undefined) return common
  const same = [...LICENSES.keys()].find((id) => toKey(id) === key)
  // A sentence is near to many ids, and means none of them.
  return same ?? (/\s/.test(name.trim()) ? undefined : nearest(name, [...LICENSES.keys()]))
}

function fromAddress(address: string): string | undefined {
  const spdx =
    /^https?:\/\/(?:www\.)?(?:spdx\.org\/licenses|opensource\.org\/licen[sc]es?|choosealicense\.com\/licenses)\/([\w.+-]+?)(?:\.html|\.php|\.json|\/)?$/i.exec(
      address,
    )
  if (spdx !== null) return toStoredLicence(spdx[1] ?? '')
  const creative =
    /^https?:\/\/creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)\/(\d\.\d)(?:\/.*)?$/i.exec(
      address,
    )
  if (creative === null) return undefined
  const [, , terms = '', version = ''] = creative
  return toStoredLicence(
    terms.toLowerCase() === 'zero' ? `cc0-${version}` : `cc-${terms}-${version}`,
  )
}

function toKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/\b(the|license|licence|version|v(?=\d))/g, '')
    .replace(/[^a-z\d]/g, '')
}
