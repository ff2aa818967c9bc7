/** The number that an option holds; throws for anything else. */
export function toNumber(name: string, text: string): number {
  const number = Number(text)
  if (text.trim() !== '' && number >= 0) return number
  throw new Error(`--${name} needs a number, not "${text}"`)
}

const DAY_MS = 86_400_000

/** Another seed each day, the same all day. */
export const seedOfDay = (): number => Math.floor(Date.now() / DAY_MS)
