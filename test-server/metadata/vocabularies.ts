import { iso6393 } from 'iso-639-3'
import facts from './licenses.json' with { type: 'json' }

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** What an upload may be. */
export const RESOURCE_TYPES = words(`
  audio dataset event image image-diagram image-drawing image-figure image-other image-photo
  image-plot lesson model other physicalobject poster presentation publication
  publication-annotationcollection publication-article publication-book
  publication-conferencepaper publication-conferenceproceeding publication-datamanagementplan
  publication-datapaper publication-deliverable publication-dissertation publication-journal
  publication-milestone publication-other publication-patent publication-peerreview
  publication-preprint publication-proposal publication-report publication-section
  publication-softwaredocumentation publication-standard publication-studyregistration
  publication-taxonomictreatment publication-technicalnote publication-workingpaper
  software software-computationalnotebook video workflow`)

/** What only something related to an upload may be. */
export const LINKABLE_TYPES = words('instrument project')

export const DATE_TYPES = words(`
  accepted available collected copyrighted coverage created issued other submitted updated valid
  withdrawn`)

/** Contributor types as the deposit API writes them; their ids are the same in lower case. */
const ROLES = words(`
  ContactPerson DataCollector DataCurator DataManager Distributor Editor HostingInstitution Other
  Producer ProjectLeader ProjectManager ProjectMember RegistrationAgency RegistrationAuthority
  RelatedPerson ResearchGroup Researcher RightsHolder Sponsor Supervisor WorkPackageLeader`)
const NATIVE_ROLES = words('translator')

/** Relations as the deposit API writes them; their ids are the same in lower case. */
const RELATIONS = words(`
  isCitedBy cites isSupplementTo isSupplementedBy isContinuedBy continues isDescribedBy describes
  hasMetadata isMetadataFor hasVersion isVersionOf isNewVersionOf isPreviousVersionOf isPartOf
  hasPart isPublishedIn isReferencedBy references isDocumentedBy documents isCompiledBy compiles
  isVariantFormOf isOriginalFormOf isIdenticalTo isReviewedBy reviews isDerivedFrom isSourceOf
  isRequiredBy requires isObsoletedBy obsoletes`)
const NATIVE_RELATIONS = words('isTranslationOf hasTranslation isCollectedBy collects other')

const byId = (names: ReadonlySet<string>): ReadonlyMap<string, string> =>
  new Map([...names].map((name) => [name.toLowerCase(), name]))

const ROLE_NAMES = byId(ROLES)
const RELATION_NAMES = byId(RELATIONS)
const NATIVE_RELATION_IDS = byId(NATIVE_RELATIONS)

export const isRole = (id: string): boolean => ROLE_NAMES.has(id) || NATIVE_ROLES.has(id)
export const isRelation = (id: string): boolean =>
  RELATION_NAMES.has(id) || NATIVE_RELATION_IDS.has(id)

/** The name the deposit API shows for an id; those of the native API alone have none. */
export const roleName = (id: string): string | undefined => ROLE_NAMES.get(id)
export const relationName = (id: string): string | undefined => RELATION_NAMES.get(id)

/** ISO 639-3; bibliographic codes such as `ger` are not among them. */
const LANGUAGES = new Map(iso6393.map(({ iso6393: id, iso6391 }) => [id, iso6391]))
const FROM_TWO_LETTERS = new Map(
  [...LANGUAGES].flatMap(([id, two]) => (two === undefined ? [] : [[two, id] as const])),
)

export const isLanguage = (id: string): boolean => LANGUAGES.has(id)
/** Two letters in any case to three; unknown ones lead nowhere. */
export const fromTwoLetters = (code: string): string | undefined =>
  FROM_TWO_LETTERS.get(code.toLowerCase())

const ACCEPTED: Readonly<Record<string, string>> = facts.accepted
const ECHO: Readonly<Record<string, string>> = facts.echo

/** Aliases that end as a bare title, without an id. */
const TITLES: Readonly<Record<string, string>> = {
  gfdl: 'GNU Free Documentation License',
  fal: 'Free Art License 1.3',
}

/** A licence as `rights` has it, from any alias; undefined when unknown. */
export function findLicense(name: string): Readonly<Record<string, unknown>> | undefined {
  const alias = name.trim().toLowerCase()
  const title = TITLES[alias]
  if (title !== undefined) return { title: { en: title } }
  const id = Object.hasOwn(ACCEPTED, alias) ? ACCEPTED[alias] : undefined
  return id === undefined ? undefined : { id }
}

export const isLicenseId = (id: string): boolean => facts.ids.includes(id)
/** The old alias the deposit API answers with. */
export const licenseEcho = (id: string): string => ECHO[id] ?? id

/** Funders by their DOI, and by the ROR id the server keeps. */
const FUNDERS: Readonly<Record<string, string>> = {
  '10.13039/501100000780': '00k4n6c32',
  '10.13039/100000002': '01cwqze88',
  '10.13039/100000001': '021nxhr62',
}
const KNOWN_FUNDERS = words('00k4n6c32 01cwqze88')
const KNOWN_AWARDS = words('00k4n6c32::283595')

export const toFunderId = (id: string): string => FUNDERS[id] ?? id
export const funderEcho = (id: string): string =>
  Object.keys(FUNDERS).find((doi) => FUNDERS[doi] === id) ?? id
export const isFunder = (id: string): boolean => KNOWN_FUNDERS.has(id)
export const isAward = (id: string): boolean => KNOWN_AWARDS.has(id)

export const PROGRAMMING_LANGUAGES = words(`
  ada assembly awk bash c c# c++ clojure cobol cuda d dart elixir erlang f# fortran go groovy
  haskell html java javascript julia jupyter-notebook kotlin lisp lua matlab ocaml octave pascal
  perl php prolog python r ruby rust sas scala scheme shell smalltalk sql stata swift tcl tex
  typescript vhdl verilog zig`)
export const DEVELOPMENT_STATUSES = words(
  'abandoned active concept inactive moved suspended unsupported wip',
)
