import type { Point, Scaling } from './scaling.ts'

const WIDTH = 320
const HEIGHT = 180
const LEFT = 52
const BOTTOM = 34
const TOP = 24
const RIGHT = 12

/** Both ways in which work grows, as a small picture that reads on light and dark pages. */
export const toSvg = ({
  files,
  gigabytes,
}: Scaling): string => `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * WIDTH}" height="${HEIGHT}" viewBox="0 0 ${2 * WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11" fill="#808080" role="img" aria-label="Time of a run against the number of files, and against gigabytes">
${panel(files, { x: 0, title: 'seconds for so many files of 8 kB' })}
${panel(gigabytes, { x: WIDTH, title: 'seconds for so many gigabytes' })}
</svg>
`

function panel(points: readonly Point[], { x, title }: { x: number; title: string }): string {
  const mostAmount = Math.max(...points.map(({ amount }) => amount))
  const mostMs = Math.max(...points.map(({ ms }) => ms))
  const right = WIDTH - RIGHT
  const floor = HEIGHT - BOTTOM
  const at = ({ amount, ms }: Pick<Point, 'amount' | 'ms'>): readonly [string, string] => [
    (x + LEFT + (amount / mostAmount) * (right - LEFT)).toFixed(1),
    (floor - (ms / mostMs) * (floor - TOP)).toFixed(1),
  ]
  const line = points.map((point) => at(point).join(',')).join(' ')
  const dots = points.map(at).map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" />`)
  const amounts = points.map(({ amount }) => {
    const [labelX] = at({ amount, ms: 0 })
    return `<text x="${labelX}" y="${floor + 16}" text-anchor="middle">${amount}</text>`
  })
  return [
    `<text x="${x + LEFT}" y="14">${title}</text>`,
    `<path d="M${x + LEFT} ${TOP}V${floor}H${x + right}" fill="none" stroke="#808080" />`,
    `<text x="${x + LEFT - 6}" y="${TOP + 4}" text-anchor="end">${(mostMs / 1000).toFixed(1)} s</text>`,
    `<text x="${x + LEFT - 6}" y="${floor}" text-anchor="end">0</text>`,
    `<polyline points="${line}" fill="none" stroke="#3b7dd8" stroke-width="2" />`,
    `<g fill="#3b7dd8">${dots.join('')}</g>`,
    ...amounts,
  ].join('\n')
}
