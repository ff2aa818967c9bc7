const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes in decimal units, as the server counts them: `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const rounded = Number(Math.max(bytes, 1).toPrecision(4)) // 999,999 bytes are a megabyte, not 1000.0 kB
  const exponent = Math.min(UNITS.length - 1, Math.floor(Math.log10(rounded) / 3))
  const value = bytes / 1000 ** exponent
  return `${exponent === 0 ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1)} ${UNITS[exponent] ?? ''}`
}

/** A span of time in words: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** `1 file`, `2 files`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`
