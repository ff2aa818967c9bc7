import { isEmpty, type Finding, type Metadata, type Problem } from './metadata.ts'
import { isUploadType } from './vocabularies.ts'

/**
 * Nothing was said about the licence, and the server grants one for good: of a data set a waiver of
 * all rights (docs/server.md#defaults). Not a mistake, but nobody should find it out later.
 */
export function findLicenseGap(metadata: Metadata): readonly Problem[] {
  const { upload_type: type, access_right: access = 'open', license } = metadata
  const isGranted = access === 'open' || access === 'embargoed'
  if (!isGranted || !isUploadType(type) || !isEmpty(license)) return []
  const problem =
    type === 'dataset'
      ? 'It is missing, so Zenodo will record cc-zero: everybody may use the data without naming you, for good. Write license: cc-by-4.0, or license: cc-zero if you mean that.'
      : 'It is missing, so Zenodo will record cc-by-4.0. Write the licence you mean, such as license: mit, or license: cc-by-4.0 if you mean that.'
  return [{ severity: 'warning', path: ['license'], problem }]
}

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

/** A field that is probably a slip of the pen for another one, which is not there: what was meant would be lost, so it must not be published. */
export function refuseTypo(problem: Problem, metadata: Metadata): Problem {
  const { path, meant } = problem
  const isLost = path.length === 1 && meant !== undefined && isEmpty(metadata[meant])
  return isLost ? { ...problem, severity: 'error' } : problem
}
