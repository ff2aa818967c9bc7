import { findCodeBlocks } from './code-blocks.ts'

const LINK = /\[[^\]]*\]\((?<address>[^)\s]+)\)/g
const HEADING = /^#{1,6} (?<text>.+)$/gm
const WRITTEN = /<a id="(?<id>[\w-]+)">/g

/** Addresses that a page links to, in order. */
export function linksOf(page: string): string[] {
  const prose = withoutCode(page).replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(LINK)].map(({ groups }) => groups?.['address'] ?? '')
}

/** Anchors of a page: of its headings as GitHub makes them, then those written into it. */
export function anchorsOf(page: string): string[] {
  const headings = [...withoutCode(page).matchAll(HEADING)].map(({ groups }) =>
    (groups?.['text'] ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  )
  return [...headings, ...[...page.matchAll(WRITTEN)].map(({ groups }) => groups?.['id'] ?? '')]
}

function withoutCode(page: string): string {
  const lines: (string | undefined)[] = page.split('\n')
  for (const { text, line } of findCodeBlocks(page)) {
    lines.fill(undefined, line - 1, line + 1 + text.split('\n').length)
  }
  return lines.filter((line) => line !== undefined).join('\n')
}
