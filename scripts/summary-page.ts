/** A badge like the one of the instance, which a picture cannot fetch. */
const toBadge = (doi: string): string => {
  const width = 20 + doi.length * 6.6
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${33 + width}" height="20" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#fff"><rect width="100%" height="20" rx="3" fill="#555"/><path d="M33 0h${width - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H33z" fill="#007ec6"/><text x="6" y="14">DOI</text><text x="39" y="14">${doi}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

const BADGE = /src="[^"]*\/badge\/DOI\/([^"]+)\.svg"/g

/** How GitHub shows Markdown, as far as summaries need it; our own rules. */
const STYLE = `
body { margin: 0; padding: 20px; background: #f6f8fa; color: #1f2328; font: 16px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif, "Apple Color Emoji", "Noto Color Emoji"; }
article { background: #fff; border: 1px solid #d1d9e0; border-radius: 6px; padding: 16px 24px; overflow-wrap: break-word; }
.title { font-weight: 600; font-size: 14px; margin: 0 0 12px; padding-bottom: 8px; border-bottom: 1px solid #d1d9e0; }
h2 { font-size: 24px; margin: 8px 0 16px; padding-bottom: .3em; border-bottom: 1px solid #d1d9e0; line-height: 1.25; }
h3 { font-size: 20px; margin: 24px 0 16px; line-height: 1.25; }
p, ul, table, pre, details { margin: 0 0 16px; }
ul { padding-left: 2em; }
a { color: #0969da; text-decoration: underline; text-underline-offset: .2rem; }
code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font: 85% ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; white-space: break-spaces; }
pre { background: #f6f8fa; border-radius: 6px; padding: 16px; overflow: auto; line-height: 1.45; }
pre code { background: none; padding: 0; white-space: pre; }
kbd { display: inline-block; padding: 4px; font: 11px ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "Noto Color Emoji", monospace; line-height: 10px; vertical-align: middle; background: #f6f8fa; border: 1px solid #d1d9e0b3; border-radius: 6px; box-shadow: inset 0 -1px 0 #d1d9e0b3; }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-spacing: 0; border-collapse: collapse; font-variant: tabular-nums; }
th, td { padding: 6px 13px; border: 1px solid #d1d9e0; }
tr:nth-child(2n) td { background: #f6f8fa; }
img { max-width: 100%; vertical-align: middle; }
summary { cursor: pointer; }
sub { font-size: 75%; line-height: 0; vertical-align: baseline; position: relative; bottom: -.25em; }
article > :last-child { margin-bottom: 0; }
`

/** A page that shows rendered Markdown, and says how high it is. */
export const toPage = (html: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Job summary</title>
<style>${STYLE}</style>
<article>
<p class="title">deposit summary</p>
${html.replace(BADGE, (_, doi: string) => `src="${toBadge(decodeURIComponent(doi))}"`)}
</article>
<script>document.documentElement.dataset.height = String(Math.ceil(document.querySelector('article').getBoundingClientRect().bottom + 20))</script>
</html>
`
