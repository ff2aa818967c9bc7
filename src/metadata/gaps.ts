import { isEmpty, type Finding, type Metadata, type Problem } from './metadata.ts'
import { lengthOf, quote, toText } from './text.ts'
import { isUploadType } from './vocabularies.ts'

/**
 * Nothing was said about the licence, and the server grants one for good: of a data set a waiver of
 * all rights (docs/server.md#defaults). Not a mistake, but nobody should find it out later.
 */
export function findLicenseGap(
  metadata: Metadata,
  { isNew }: { readonly isNew: boolean },
): readonly Problem[] {
  const { upload_type: type, access_right: access = 'open', license } = metadata
  const isGranted = access === 'open' || access === 'embargoed'
  if (!isGranted || !isUploadType(type) || !isEmpty(license)) return []
  // A deposit that exists may be restricted, and stays so where the metadata do not speak of access.
  const doubt = isNew ? '' : ', if its files are public'
  const problem =
    type === 'dataset'
      ? `It is missing, so Zenodo will record cc-zero${doubt}: everybody may use the data without naming you, and that cannot be taken back. Write license: cc-by-4.0, or license: cc-zero if you mean that.`
      : `It is missing, so Zenodo will record cc-by-4.0${doubt}. Write the licence you mean, such as license: mit, or license: cc-by-4.0 if you mean that.`
  return [{ severity: 'warning', path: ['license'], problem }]
}

/** The tag fills a gap only; where the metadata name another version, one of the two was forgotten. Not every tag is a version. */
export function findOtherVersion(metadata: Metadata, tag: string): readonly Problem[] {
  const { version } = metadata
  const isVersion = /^v?\d/i.test(tag)
  if (!isVersion || typeof version !== 'string' || withoutV(version) === withoutV(tag)) return []
  const problem = `${quote(version)} will be recorded, and the tag is ${quote(tag)}. Write the version of the tag, or set the input version.`
  return [{ severity: 'warning', path: ['version'], problem }]
}

const withoutV = (version: string): string => version.trim().replace(/^v(?=\d)/i, '')

/** There is nothing at all: one finding that says what would be, instead of one for each field that is missing. */
export function describeNothing(file: string | undefined, publish: boolean): Finding {
  const looked =
    file === 'none'
      ? 'metadata-file is none'
      : 'there is no .zenodo.json, CITATION.cff or codemeta.json'
  return {
    severity: publish ? 'error' : 'warning',
    field: '',
    problem: `There is no metadata: ${looked}, and the input metadata is empty. Publishing needs a title, an upload_type such as dataset or software, and creators. Write them into a file .zenodo.json, or into the input metadata.`,
    place: { input: 'metadata' },
  }
}

/** Fields whose text the server takes for a list of letters. */
const LISTS = ['keywords', 'references']
const MAX_VERSION_LENGTH = 191

/** Whether the server keeps it, or there is nothing to keep; else it drops it without a word (verdicts of zenodo-rdm 6386403, 2026-11-22). */
const isRecorded = (version: string): boolean =>
  version === '' || (version.trim() !== '' && lengthOf(version) <= MAX_VERSION_LENGTH)

/**
 * What is a warning for a draft and must not be published: a field that is probably a misspelling of
 * another one, which is not there; a day of an embargo that nothing else says is none; a version that
 * the record would not have; and a text that would be cut into its letters.
 */
export function weighForPublishing(problem: Problem, metadata: Metadata): Problem {
  const { path, meant } = problem
  const isSlip = path.length === 1 && meant !== undefined && isEmpty(metadata[meant])
  const isOpenEmbargo = path[0] === 'embargo_date' && isEmpty(metadata['access_right'])
  const isLost = path[0] === 'version' && !isRecorded(toText(metadata['version']))
  const isCut = LISTS.some((list) => path[0] === list && typeof metadata[list] === 'string')
  return isSlip || isOpenEmbargo || isLost || isCut ? { ...problem, severity: 'error' } : problem
}
