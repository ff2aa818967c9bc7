import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import { InputError } from '../../src/errors.ts'
import { updateCitation } from '../../src/metadata/update-citation.ts'

const NEW = '10.5281/zenodo.200'
const OLD = '10.5281/zenodo.100'
const CONCEPT = '10.5281/zenodo.99'
const DOIS = { version: NEW, concept: CONCEPT }

describe('updateCitation', () => {
  test.each([
    ['without quotes', `doi: ${OLD}\n`, `doi: ${NEW}\n`],
    ['with single quotes', `doi: '${OLD}'\n`, `doi: '${NEW}'\n`],
    ['with double quotes', `doi: "${OLD}"\n`, `doi: "${NEW}"\n`],
    ['with a comment', `doi:   ${OLD}   # ours\n`, `doi:   ${NEW}   # ours\n`],
    ['at the end of the text', `title: T\ndoi: ${OLD}`, `title: T\ndoi: ${NEW}`],
    ['that is empty', 'doi:\ntitle: T\n', `doi: ${NEW}\ntitle: T\n`],
    [
      'that is empty, with a comment',
      'doi:  # later\ntitle: T\n',
      `doi: ${NEW}  # later\ntitle: T\n`,
    ],
    ['that is null', 'doi: null\ntitle: T\n', `doi: ${NEW}\ntitle: T\n`],
    ['on lines of its own', `doi: |\n  ${OLD}\ntitle: T\n`, `doi: ${NEW}\ntitle: T\n`],
    ['with a quoted name', `"doi": ${OLD}\n`, `"doi": ${NEW}\n`],
    ['written as a link', `doi: https://doi.org/${OLD}\n`, `doi: ${NEW}\n`],
    ['that is a placeholder', 'doi: TODO\n', `doi: ${NEW}\n`],
    ['of the concept', `doi: ${CONCEPT}\n`, `doi: ${NEW}\n`],
    ['in a file of JSON', `{"title": "T", "doi": "${OLD}"}`, `{"title": "T", "doi": "${NEW}"}`],
    ['with Windows line ends', `title: T\r\ndoi: ${OLD}\r\n`, `title: T\r\ndoi: ${NEW}\r\n`],
    ['after a byte order mark', `\u{FEFF}doi: ${OLD}\n`, `\u{FEFF}doi: ${NEW}\n`],
    [
      'in a file of CFF 1.0',
      `cff-version: 1.0.3\ndoi: ${OLD}\n`,
      `cff-version: 1.0.3\ndoi: ${NEW}\n`,
    ],
  ])('replaces a doi %s', (_, text, expected) => {
    expect(updateCitation(text, DOIS)).toBe(expected)
  })

  test('leaves the DOIs of other works alone', () => {
    const others = `references:\n  - doi: ${OLD}\npreferred-citation:\n  doi: ${OLD}\n`

    expect(updateCitation(`doi: ${OLD}\n${others}`, DOIS)).toBe(`doi: ${NEW}\n${others}`)
  })

  const ELSEWHERE = '10.6084/m9.figshare.1'

  test.each([
    [
      'begins a list of identifiers beside it',
      `doi: ${ELSEWHERE} # figshare\ntitle: T\n`,
      `doi: ${ELSEWHERE} # figshare\nidentifiers:\n  - type: doi\n    value: ${NEW}\ntitle: T\n`,
    ],
    [
      'joins the list that is there',
      `doi: ${ELSEWHERE}\nidentifiers:\n  - type: url\n    value: https://a.example\n`,
      `doi: ${ELSEWHERE}\nidentifiers:\n  - type: url\n    value: https://a.example\n  - type: doi\n    value: ${NEW}\n`,
    ],
    [
      'in a file of JSON',
      `{"doi": "${ELSEWHERE}"}`,
      `{"doi": "${ELSEWHERE}", "identifiers": [{"type": "doi", "value": "${NEW}"}]}`,
    ],
  ])('leaves a doi from elsewhere, and %s', (_, text, expected) => {
    const updated = updateCitation(text, DOIS)

    expect(updated).toBe(expected)
    expect(updateCitation(updated ?? '', DOIS)).toBeUndefined()
  })

  test.each([
    ['the doi is the new one', `doi: ${NEW} # done\n`],
    ['the doi is the new one as a link', `doi: https://doi.org/${NEW}\n`],
    [
      'an identifier is the new one',
      `identifiers:\n  - {type: doi, value: ${NEW}}\n  - {type: doi, value: ${OLD}}\n`,
    ],
  ])('changes nothing if %s', (_, text) => {
    expect(updateCitation(text, DOIS)).toBeUndefined()
  })

  test('replaces an identifier that repeats the doi, and no other', () => {
    const entries = (value: string) =>
      `identifiers:\n  - type: doi\n    value: "${CONCEPT}"\n  - type: doi\n    value: "${value}"\n  - type: doi\n    value: 10.1000/paper\n`

    expect(updateCitation(`doi: ${OLD}\n${entries(OLD)}`, DOIS)).toBe(
      `doi: ${NEW}\n${entries(NEW)}`,
    )
  })

  test('keeps the identifier of the concept when the doi was the concept’s', () => {
    const entries = `identifiers:\n  - type: doi\n    value: ${CONCEPT}\n`

    expect(updateCitation(`doi: ${CONCEPT}\n${entries}`, DOIS)).toBe(`doi: ${NEW}\n${entries}`)
  })
})

interface Identifier {
  readonly type?: string
  readonly value: string
  readonly description?: string
}

function identifiers(entries: readonly Identifier[]): string {
  const items = entries.map(({ type = 'doi', value, description }) =>
    [
      `  - type: ${type}`,
      `value: '${value}'`,
      ...(description === undefined ? [] : [`description: ${description}`]),
    ].join('\n    '),
  )
  return `title: T\nidentifiers: # ours\n${items.join('\n')}\n# the end\n`
}

describe('updateCitation, in a file with identifiers', () => {
  test.each<[string, readonly Identifier[], number]>([
    ['the only one', [{ value: OLD }], 0],
    ['the one that is not the concept’s', [{ value: CONCEPT }, { value: OLD }], 1],
    ['the one that is not the concept’s, first', [{ value: OLD }, { value: CONCEPT }], 0],
    [
      'the concept’s written otherwise aside',
      [{ value: `https://doi.org/${CONCEPT}` }, { value: OLD }],
      1,
    ],
    [
      'the one for a version',
      [
        { value: '10.5281/zenodo.7', description: 'Raw data' },
        { value: OLD, description: 'DOI of version 1.0' },
      ],
      1,
    ],
    [
      'the one for a version, with any prefix',
      [{ value: '10.9999/v1', description: 'DOI of version 1.0' }],
      0,
    ],
    [
      'the one that is not for all versions',
      [{ value: '10.5281/zenodo.7', description: 'All versions of T' }, { value: OLD }],
      1,
    ],
    [
      'the one that is not the collection',
      [
        {
          value: '10.5281/zenodo.7',
          description: 'The collection of archived snapshots of all versions of T',
        },
        { value: OLD, description: 'The archived snapshot of version 1.0 of T' },
      ],
      1,
    ],
    ['the sandbox’s', [{ value: '10.5072/zenodo.5' }], 0],
    ['the one after another kind', [{ type: 'swh', value: 'swh:1:rel:99' }, { value: OLD }], 1],
    ['the one after another work', [{ value: '10.1000/paper' }, { value: OLD }], 1],
  ])('replaces %s', (_, entries, index) => {
    const expected = entries.map((entry, at) => (at === index ? { ...entry, value: NEW } : entry))

    expect(updateCitation(identifiers(entries), DOIS)).toBe(identifiers(expected))
  })

  test.each<[string, readonly Identifier[]]>([
    ['the concept’s', [{ value: CONCEPT }]],
    ['another kind', [{ type: 'swh', value: 'swh:1:rel:99' }]],
    ['another work', [{ value: '10.1000/paper', description: 'The paper' }]],
    ['one for all versions', [{ value: '10.5281/zenodo.7', description: 'Concept DOI' }]],
  ])('adds one after %s', (_, entries) => {
    expect(updateCitation(identifiers(entries), DOIS)).toBe(
      identifiers([...entries, { value: NEW }]),
    )
  })

  test.each([
    [
      'flush items',
      `identifiers:\n- type: swh\n  value: "x"\ntitle: T\n`,
      `identifiers:\n- type: swh\n  value: "x"\n- type: doi\n  value: "${NEW}"\ntitle: T\n`,
    ],
    [
      'wide items',
      `identifiers:\n    -   type: swh\n        value: x\n`,
      `identifiers:\n    -   type: swh\n        value: x\n    -   type: doi\n        value: ${NEW}\n`,
    ],
    [
      'items in braces',
      `identifiers:\n  - {type: swh, value: x}\n`,
      `identifiers:\n  - {type: swh, value: x}\n  - {type: doi, value: ${NEW}}\n`,
    ],
    [
      'a list in brackets',
      `identifiers: [{type: "swh", value: 'x'}] # ids\n`,
      `identifiers: [{type: "swh", value: 'x'}, {type: "doi", value: '${NEW}'}] # ids\n`,
    ],
    [
      'an empty list',
      `identifiers: []\ntitle: T\n`,
      `identifiers: [{type: doi, value: ${NEW}}]\ntitle: T\n`,
    ],
    [
      'JSON',
      `{"identifiers": [{"type": "swh", "value": "x"}]}`,
      `{"identifiers": [{"type": "swh", "value": "x"}, {"type": "doi", "value": "${NEW}"}]}`,
    ],
    [
      'no line end at the end',
      `identifiers:\n  - type: swh\n    value: x`,
      `identifiers:\n  - type: swh\n    value: x\n  - type: doi\n    value: ${NEW}`,
    ],
    [
      'Windows line ends',
      `identifiers:\r\n  - type: swh\r\n    value: x\r\n`,
      `identifiers:\r\n  - type: swh\r\n    value: x\r\n  - type: doi\r\n    value: ${NEW}\r\n`,
    ],
  ])('adds one in the style of %s', (_, text, expected) => {
    expect(updateCitation(text, DOIS)).toBe(expected)
  })
})

describe('updateCitation, in a file without a DOI', () => {
  test.each([
    [
      'the version',
      'title: T\nversion: 1.0 # v\ndate-released: 2026-01-01\n',
      'title: T\nversion: 1.0 # v\ndoi: %\ndate-released: 2026-01-01\n',
    ],
    [
      'the date',
      'date-released: 2026-01-01\ntitle: T\n',
      'date-released: 2026-01-01\ndoi: %\ntitle: T\n',
    ],
    [
      'the title',
      'cff-version: 1.2.0\ntitle: T\nmessage: M\n',
      'cff-version: 1.2.0\ntitle: T\ndoi: %\nmessage: M\n',
    ],
    [
      'a title of several lines',
      'title: >-\n  A long\n  title\n\nmessage: M\n',
      'title: >-\n  A long\n  title\ndoi: %\n\nmessage: M\n',
    ],
    [
      'a quoted title of several lines',
      'title: "A long\n  title"\nmessage: M\n',
      'title: "A long\n  title"\ndoi: %\nmessage: M\n',
    ],
    ['an empty version', 'version:\ntitle: T\n', 'version:\ndoi: %\ntitle: T\n'],
    [
      'whatever comes last',
      'message: M\nauthors:\n  - name: N\n',
      'message: M\nauthors:\n  - name: N\ndoi: %\n',
    ],
    ['a last line without an end', 'title: T\nversion: 1', 'title: T\nversion: 1\ndoi: %'],
    [
      'a line with a Windows end',
      'title: T\r\nmessage: M\r\n',
      'title: T\r\ndoi: %\r\nmessage: M\r\n',
    ],
    [
      'a byte order mark and a title',
      '\u{FEFF}title: T\nmessage: M\n',
      '\u{FEFF}title: T\ndoi: %\nmessage: M\n',
    ],
    [
      'a version before the end of the document',
      '---\nversion: 1\n...\n',
      '---\nversion: 1\ndoi: %\n...\n',
    ],
    [
      'the version in JSON',
      '{"version": "1", "title": "T"}',
      '{"version": "1", "doi": "%", "title": "T"}',
    ],
  ])('adds a line after %s', (_, text, expected) => {
    expect(updateCitation(text, { version: NEW })).toBe(expected.replace('%', NEW))
  })

  test('quotes a DOI that YAML would not read as it is', () => {
    const doi = '10.1002/(SICI)1097[1-2]:3#4'

    const updated = updateCitation('title: T\n', { version: doi })

    expect(parse(updated ?? '')).toEqual({ title: 'T', doi })
  })
})

describe('updateCitation, given no citation', () => {
  test.each([
    ['broken YAML', 'title: T\nauthors: [\n', 3],
    ['a tab for a margin', 'title: T\nauthors:\n\t- name: N\n', 3],
    ['one key twice', 'title: T\ntitle: U\n', 2],
    ['a list', '# c\n- title: T\n', 2],
    ['nothing', '', 1],
    ['two documents', 'title: T\n---\ntitle: U\n', 2],
    ['a doi that is a list', 'title: T\ndoi:\n  - x\n', 3],
  ])('says where the problem is: %s', (_, text, line) => {
    const update = () => updateCitation(text, DOIS)

    expect(update).toThrow(InputError)
    expect(update).toThrow(
      expect.objectContaining({
        issues: [
          expect.objectContaining({
            place: expect.objectContaining({ file: 'CITATION.cff', line }),
          }),
        ],
      }),
    )
  })
})

/** A CITATION.cff as people write it: any order, quotes, comments, line ends. */
const citations = fc
  .record({
    bom: fc.constantFrom('', '\u{FEFF}'),
    start: fc.constantFrom('', '---\n', '# Cite this\n\n'),
    sections: fc.shuffledSubarray(
      [
        'cff-version: 1.2.0\n',
        'message: "If you use this: cite it"\n',
        'title: >-\n  A long title\n  of two lines\n\n',
        "version: '1.10' # not a number\n",
        'date-released: 2026-01-31\n',
        'authors:\n  - family-names: Ö\n    given-names: "é"\n    # more to come\n',
        'abstract: |+\n  First.\n\n  Second.\n\n',
        'keywords: [a, "b", c d]\n',
        `references:\n- type: article\n  doi: 10.1000/paper\n  title: Paper\n`,
      ],
      { minLength: 1 },
    ),
    doi: fc.constantFrom(
      '',
      `doi: ${OLD}\n`,
      `doi: "${OLD}" # ours\n`,
      `doi: '${CONCEPT}'\n`,
      'doi:\n',
    ),
    identifiers: fc.constantFrom(
      '',
      identifiers([{ value: CONCEPT }, { value: OLD }]).replace('title: T\n', ''),
      `identifiers:\n- description: The version's DOI\n  type: doi\n  value: ${OLD}\n`,
      'identifiers:\n  - type: swh\n    value: swh:1:rel:99\n\n  # a note\n',
      'identifiers: []\n',
      `identifiers: [{type: doi, value: ${OLD}}, {type: doi, value: ${CONCEPT}}]\n`,
    ),
    end: fc.constantFrom('', '\n# the end', '...\n'),
    lineEnd: fc.constantFrom('\n', '\r\n'),
    where: fc.nat(),
  })
  .map(({ bom, start, sections, doi, identifiers: ids, end, lineEnd, where }) => {
    const body = sections.toSpliced(where % sections.length, 0, ids, doi).join('')
    return `${bom}${start}${body}${end}`.replaceAll('\n', lineEnd)
  })

/** All that an update must not touch. */
function withoutDois(text: string): unknown {
  const content = parse(text) as Record<string, unknown>
  const entries = (content['identifiers'] ?? []) as readonly { type: string; value: string }[]
  return {
    ...content,
    doi: undefined,
    identifiers: entries.filter(({ type, value }) => type !== 'doi' || value === CONCEPT),
  }
}

describe('updateCitation, of any citation', () => {
  test('changes the DOI in the data and nothing else', () => {
    fc.assert(
      fc.property(citations, (text) => {
        const updated = updateCitation(text, DOIS) ?? ''

        expect(withoutDois(updated)).toEqual(withoutDois(text))
        expect(updated).toContain(NEW)
      }),
      { numRuns: 500 },
    )
  })

  test('keeps every line it does not have to change', () => {
    fc.assert(
      fc.property(citations, (text) => {
        const lines = new Set((updateCitation(text, DOIS) ?? '').split('\n'))

        const lost = text.split('\n').filter((line) => !lines.has(line) && !lines.has(`${line}\r`))
        expect(
          lost.filter((line) => !line.includes('10.5281') && !/^\u{FEFF}?doi:|\[\]/u.test(line)),
        ).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(citations, (text) => {
        const updated = updateCitation(text, DOIS) ?? ''

        expect(updateCitation(updated, DOIS)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  test('makes of each version’s file that of the next, the old DOI gone', () => {
    const next = { version: '10.5281/zenodo.300', concept: CONCEPT }
    fc.assert(
      fc.property(citations, (text) => {
        const updated = updateCitation(updateCitation(text, DOIS) ?? '', next)

        expect(updated).not.toContain(NEW)
        expect(updated).toContain(next.version)
      }),
      { numRuns: 500 },
    )
  })
})
